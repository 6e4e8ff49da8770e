// What every live capture knows beside its packets: how the interface is, what was lost before
// any packet could be taken, steps of the clock. The kernel is asked now and then, never per packet.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/capture/clock_watch.h"
#include "core/capture/interface_watch.h"
#include "core/capture/packet_source.h"
#include "core/capture/softnet.h"

namespace rtpsonde {

class LiveLink {
 public:
  // Whether fill() tells what is of the interface, and what is of the machine: of all sources one does.
  LiveLink(std::string interface, bool tells_of_interface, bool tells_of_machine);

  // Counts from now on.
  void open();
  // The capture is bound to the interface with this index.
  void bound(int index) { watch_.bound(index); }
  // Asks the kernel how the interface is.
  void look();
  // That was long ago: every second, and more often while nothing can be captured.
  bool look_due(std::chrono::steady_clock::time_point now) const { return now >= next_look_; }
  // As InterfaceWatch::hold().
  void hold(bool waits) { watch_.hold(waits); }
  // A socket says that the interface went down. To be looked at then: it may be gone for good, and one that
  // was made anew has to be found.
  void fell();
  // As InterfaceWatch::captured().
  Outage captured(int64_t first_ns) { return watch_.captured(first_ns); }

  // Another interface has the name now, to be bound to.
  bool successor_waits() const { return successor_waits_; }
  // It is not to be bound to before the next look.
  void let_successor_wait() { successor_waits_ = false; }
  // What is said when the interface that is captured on got another name, or its own back.
  void tell_name();

  void add_problem(std::string sentence);
  bool has_problems() const { return !problems_.empty(); }
  const std::vector<std::string>& problems() const { return problems_; }

  // Sets what is of the interface and the machine; files of the kernel are read where that is due.
  void fill(SourceStats& stats);

 private:
  void look_at_clock();

  const std::string interface_;
  const bool tells_of_interface_, tells_of_machine_;
  InterfaceWatch watch_;
  bool successor_waits_ = false;
  std::optional<Softnet> softnet_;
  ClockWatch clock_;
  std::chrono::steady_clock::time_point next_look_{};   // at the interface
  std::chrono::steady_clock::time_point next_files_{};  // at files of the kernel
  std::string told_name_;                               // the last that the interface was said to have got
  std::vector<std::string> problems_;
};

}  // namespace rtpsonde
