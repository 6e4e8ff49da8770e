// See live_link.h.
#include "core/capture/live_link.h"

#include "core/capture/live_time.h"

namespace rtpsonde {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// At the interface and at files of the kernel; at the interface while it is down or away.
constexpr auto kBetweenLooks = milliseconds(1000);
constexpr auto kBetweenSearches = milliseconds(250);
constexpr size_t kMostProblems = 100;

}  // namespace

LiveLink::LiveLink(std::string interface, bool tells_of_interface, bool tells_of_machine)
    : interface_(std::move(interface)),
      tells_of_interface_(tells_of_interface),
      tells_of_machine_(tells_of_machine),
      watch_(interface_) {}

void LiveLink::open() {
  if (tells_of_interface_) softnet_.emplace(interface_);
}

// While nothing can be captured, that is so little work that there is no need to wait longer and longer.
void LiveLink::look() {
  watch_.look(wall_clock_ns());
  successor_waits_ = watch_.successor() != 0;
  tell_name();
  next_look_ = Clock::now() + (watch_.out() ? kBetweenSearches : kBetweenLooks);
}

void LiveLink::fell() { watch_.fell(wall_clock_ns()); }

void LiveLink::tell_name() {
  const std::string& now = watch_.renamed_to();
  if (now == told_name_) return;
  told_name_ = now;
  if (now.empty()) return;
  add_problem("network interface " + interface_ + " is now called " + now +
              "; it is captured on until another one is called " + interface_);
}

void LiveLink::add_problem(std::string sentence) {
  if (problems_.size() < kMostProblems) problems_.push_back(std::move(sentence));
}

void LiveLink::look_at_clock() {
  const auto steady_ns = [] { return Clock::now().time_since_epoch() / std::chrono::nanoseconds(1); };
  const int64_t before_ns = steady_ns(), wall_ns = wall_clock_ns();
  clock_.note(before_ns, wall_ns, steady_ns());
}

void LiveLink::fill(SourceStats& stats) {
  if (const auto now = Clock::now(); now >= next_files_) {
    next_files_ = now + kBetweenLooks;
    if (softnet_) stats.before = softnet_->read();
    if (!tells_of_machine_) stats.before.softnet_drops = stats.before.softnet_squeezes = 0;
    look_at_clock();
  }
  stats.state = watch_.state();
  if (tells_of_machine_) stats.clock_steps = clock_.steps();
  if (!tells_of_interface_) return;
  stats.outages = watch_.outages();
  stats.outage_ms = watch_.outage_ms();
}

}  // namespace rtpsonde
