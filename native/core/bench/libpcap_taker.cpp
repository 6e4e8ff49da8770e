// libpcap feeding the same measuring.
#include <poll.h>

#include "core/base/error.h"
#include "core/bench/plain_consumer.h"
#include "core/capture/libpcap.h"
#include "core/capture/packet_ring.h"
#include "core/engine/meter.h"

namespace rtpsonde::bench {
namespace {

// From <pcap/pcap.h>.
struct PcapHandle;
struct PcapHeader {
  timeval ts;  // seconds and, as asked for, nanoseconds
  uint32_t captured;
  uint32_t on_wire;
};
struct PcapStats {
  unsigned received;  // drops included
  unsigned dropped;
  unsigned dropped_by_interface;
};
using PcapHandler = void (*)(unsigned char*, const PcapHeader*, const unsigned char*);
constexpr size_t kErrorBytes = 256;
constexpr int kNanoseconds = 1;

struct Pcap {
  PcapHandle* (*create)(const char*, char*);
  int (*set_snaplen)(PcapHandle*, int);
  int (*set_timeout)(PcapHandle*, int);
  int (*set_buffer_size)(PcapHandle*, int);
  int (*set_tstamp_precision)(PcapHandle*, int);
  int (*activate)(PcapHandle*);
  int (*setnonblock)(PcapHandle*, int, char*);
  int (*get_selectable_fd)(PcapHandle*);
  int (*dispatch)(PcapHandle*, int, PcapHandler, unsigned char*);
  int (*stats)(PcapHandle*, PcapStats*);
  void (*close)(PcapHandle*);
  char* (*geterr)(PcapHandle*);
};

template <typename Function>
void find(void* library, const char* name, Function*& function) {
  if (!find_function(library, name, function)) {
    throw Error("ERR_BENCH_LIBPCAP", std::string("libpcap has no ") + name);
  }
}

// Loaded once and kept.
const Pcap& libpcap() {
  static const Pcap pcap = [] {
    void* const library = load_libpcap();
    if (library == nullptr) throw Error("ERR_BENCH_LIBPCAP", "libpcap is not installed");
    Pcap p{};
    find(library, "pcap_create", p.create);
    find(library, "pcap_set_snaplen", p.set_snaplen);
    find(library, "pcap_set_timeout", p.set_timeout);
    find(library, "pcap_set_buffer_size", p.set_buffer_size);
    find(library, "pcap_set_tstamp_precision", p.set_tstamp_precision);
    find(library, "pcap_activate", p.activate);
    find(library, "pcap_setnonblock", p.setnonblock);
    find(library, "pcap_get_selectable_fd", p.get_selectable_fd);
    find(library, "pcap_dispatch", p.dispatch);
    find(library, "pcap_stats", p.stats);
    find(library, "pcap_close", p.close);
    find(library, "pcap_geterr", p.geterr);
    return p;
  }();
  return pcap;
}

class LibpcapTaker : public PacketTaker {
 public:
  LibpcapTaker(const AfPacketOptions& capture, const EngineOptions& engine)
      : pcap_(libpcap()), capture_(capture), meter_(engine, [](Part) {}) {}
  ~LibpcapTaker() override {
    if (handle_ != nullptr) pcap_.close(handle_);
  }

  void open() override {
    char why[kErrorBytes] = "";
    handle_ = pcap_.create(capture_.interface.c_str(), why);
    if (handle_ == nullptr) throw Error("ERR_BENCH_LIBPCAP", why);
    if (capture_.snap_length > 0) pcap_.set_snaplen(handle_, static_cast<int>(capture_.snap_length));
    pcap_.set_timeout(handle_, kBlockRetireMs);
    pcap_.set_buffer_size(handle_, static_cast<int>(capture_.ring_bytes));
    pcap_.set_tstamp_precision(handle_, kNanoseconds);
    // Positive results are warnings.
    if (pcap_.activate(handle_) < 0) throw Error("ERR_BENCH_LIBPCAP", pcap_.geterr(handle_));
    // With its own waiting, no packet means no return.
    if (pcap_.setnonblock(handle_, 1, why) != 0) throw Error("ERR_BENCH_LIBPCAP", why);
  }

  // The views outlive the block that libpcap gives back after its last packet: the kernel
  // writes there again only when it has come round the whole ring.
  bool take(int timeout_ms, ConsumerStats& stats) override {
    if (!dispatch()) {
      pollfd waiting{pcap_.get_selectable_fd(handle_), POLLIN, 0};
      ::poll(&waiting, 1, timeout_ms);
      if (!dispatch()) return false;
    }
    meter_.process(batch_);
    stats.packets += batch_.count;
    stats.rtp = meter_.counters().get(Counter::kRtp);
    return true;
  }

  void look(ConsumerStats& stats) override {
    PcapStats now{};
    if (pcap_.stats(handle_, &now) != 0) return;
    stats.kernel_packets = now.received;
    stats.kernel_drops = now.dropped;
  }

 private:
  bool dispatch() {
    batch_.count = 0;
    const int got =
        pcap_.dispatch(handle_, PacketBatch::kCapacity, &add, reinterpret_cast<unsigned char*>(&batch_));
    if (got < 0) throw Error("ERR_BENCH_LIBPCAP", pcap_.geterr(handle_));
    return batch_.count > 0;
  }

  static void add(unsigned char* user, const PcapHeader* header, const unsigned char* bytes) {
    auto& batch = *reinterpret_cast<PacketBatch*>(user);
    PacketView& view = batch.packets[batch.count++];
    view.ts_ns = int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec;
    view.bytes = {bytes, header->captured};
    view.wire_len = header->on_wire;
  }

  const Pcap& pcap_;
  const AfPacketOptions capture_;
  PcapHandle* handle_ = nullptr;
  PacketBatch batch_;
  Meter meter_;
};

}  // namespace

std::unique_ptr<PacketTaker> make_libpcap_taker(const AfPacketOptions& capture, const EngineOptions& engine) {
  return std::make_unique<LibpcapTaker>(capture, engine);
}

}  // namespace rtpsonde::bench
