// Clocks and places of the threads of a benchmark.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <cstdint>
#include <ctime>
#include <vector>

namespace rtpsonde::bench {

inline uint64_t clock_ns(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

inline uint64_t monotonic_ns() { return clock_ns(CLOCK_MONOTONIC); }
// To some milliseconds, for a fifth of the price.
inline uint64_t coarse_ns() { return clock_ns(CLOCK_MONOTONIC_COARSE); }

// CPU time of the calling thread, s.
inline double thread_cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

inline void sleep_until(uint64_t ns) {
  const timespec until{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

// CPUs that the calling thread may run on.
inline std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

// Keeps the calling thread, and threads that it starts from now on, on these CPUs.
// False when the system refused.
inline bool run_on_cpus(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(cpu, &set);
  return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

// The same for one CPU; a negative number means any.
inline void run_on_cpu(int cpu) {
  if (cpu >= 0) run_on_cpus({cpu});
}

}  // namespace rtpsonde::bench
