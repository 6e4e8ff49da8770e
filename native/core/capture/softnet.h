// What was lost before any socket: a CPU's backlog (/proc/net/softnet_stat) and the
// network interface (/sys/class/net/IF/statistics). Files are opened once and
// read again now and then, never per packet.
#pragma once

#include <cstdint>
#include <string>

namespace rtpsonde {

// Since construction; a counter that went back (an interface made anew) begins again at 0.
struct DropsBefore {
  uint64_t softnet_drops = 0;     // packets, of all interfaces and CPUs together
  uint64_t softnet_squeezes = 0;  // times a CPU had packets left when its time was over
  uint64_t nic_missed = 0;        // rx_missed_errors + rx_fifo_errors: no room in the interface
  uint64_t nic_dropped = 0;       // rx_dropped; also packets that no protocol wanted
  uint64_t nic_errors = 0;        // rx_errors: damaged, and with some drivers missed ones too

  void merge(const DropsBefore& other) {
    softnet_drops += other.softnet_drops;
    softnet_squeezes += other.softnet_squeezes;
    nic_missed += other.nic_missed;
    nic_dropped += other.nic_dropped;
    nic_errors += other.nic_errors;
  }
};

// A sum of kernel counters that only grow, as growth since it was first read.
class Growth {
 public:
  void take(uint64_t now) {
    if (known_ && now > last_) total_ += now - last_;
    last_ = now;
    known_ = true;
  }
  uint64_t total() const { return total_; }

 private:
  uint64_t last_ = 0;
  uint64_t total_ = 0;
  bool known_ = false;
};

class Softnet {
 public:
  // `root` stands before /proc and /sys: empty but in tests. What cannot be read stays 0.
  explicit Softnet(const std::string& interface, const std::string& root = "");
  ~Softnet();
  Softnet(const Softnet&) = delete;
  Softnet& operator=(const Softnet&) = delete;

  // Reads the files again. Some microseconds a CPU: once a second is enough.
  DropsBefore read();

 private:
  enum File : uint8_t { kSoftnet, kMissed, kFifo, kDropped, kErrors, kFiles };
  void open(File file);
  bool number(File file, uint64_t& value);
  void read_softnet();

  std::string paths_[kFiles];
  int descriptors_[kFiles];
  Growth drops_, squeezes_, nic_[kFiles];
};

// The 2nd and 3rd column of /proc/net/softnet_stat, hexadecimal, 32 bits, one line for each
// CPU (Linux net/core/net-procfs.c, softnet_seq_show), added over the lines. Lines
// with fewer columns are passed over. Returns the number of lines taken.
uint32_t sum_softnet(const char* text, size_t size, uint64_t& dropped, uint64_t& squeezed);

}  // namespace rtpsonde
