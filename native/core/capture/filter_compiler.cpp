// See filter_compiler.h.
#include "core/capture/filter_compiler.h"

#include <mutex>

#include "core/base/error.h"
#include "core/capture/filter_interpreter.h"

namespace rtpsonde {
namespace {

// From <pcap/pcap.h> and <pcap/bpf.h>, of which nothing else is used: struct bpf_insn
// is laid out as the kernel's sock_filter.
struct PcapHandle;
struct PcapProgram {
  unsigned length;
  sock_filter* instructions;
};
constexpr unsigned kNetmaskUnknown = 0xffffffff;
constexpr int kOptimize = 1;
// What tcpdump keeps of a packet: more than any frame.
constexpr int kSnapLength = 262144;
constexpr int kDltRaw = 12;  // the DLT_ number of LINKTYPE_RAW on Linux; the others are the same

struct Pcap {
  PcapHandle* (*open_dead)(int link_type, int snap_length);
  int (*compile)(PcapHandle*, PcapProgram*, const char* expression, int optimize, unsigned netmask);
  char* (*geterr)(PcapHandle*);
  void (*freecode)(PcapProgram*);
  void (*close)(PcapHandle*);
};

Pcap load(const std::vector<std::string>& libraries) {
  void* const library = load_libpcap(libraries);
  Pcap pcap{};
  if (library != nullptr && find_function(library, "pcap_open_dead", pcap.open_dead) &&
      find_function(library, "pcap_compile", pcap.compile) &&
      find_function(library, "pcap_geterr", pcap.geterr) &&
      find_function(library, "pcap_freecode", pcap.freecode) &&
      find_function(library, "pcap_close", pcap.close)) {
    return pcap;
  }
  throw Error("ERR_CAPTURE_LIBPCAP",
              "capture filters are compiled by libpcap, which is not installed; install it: apt-get install "
              "libpcap0.8 (Debian, Ubuntu) or dnf install libpcap (Fedora, RHEL)");
}

}  // namespace

FilterProgram compile_filter(const std::string& expression, LinkType link_type,
                             const std::vector<std::string>& libraries) {
  // Before libpcap 1.8 its compiler was not safe to be used by two threads at once.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const Pcap pcap = load(libraries);
  PcapHandle* const handle =
      pcap.open_dead(link_type == LinkType::kRawIp ? kDltRaw : static_cast<int>(link_type), kSnapLength);
  if (handle == nullptr) throw Error("ERR_CAPTURE_FILTER", "libpcap has no memory");
  PcapProgram compiled{};
  if (pcap.compile(handle, &compiled, expression.c_str(), kOptimize, kNetmaskUnknown) != 0) {
    const std::string why = pcap.geterr(handle);
    pcap.close(handle);
    throw Error("ERR_CAPTURE_FILTER", why);
  }
  FilterProgram program(compiled.instructions, compiled.instructions + compiled.length);
  pcap.freecode(&compiled);
  pcap.close(handle);
  // What libpcap makes can be run, but for the loops of `protochain`.
  if (const std::string fault = fault_of(program); !fault.empty()) {
    throw Error("ERR_CAPTURE_FILTER", "this expression cannot be used here: " + fault);
  }
  return program;
}

}  // namespace rtpsonde
