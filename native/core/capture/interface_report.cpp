// See interface_report.h.
#include "core/capture/interface_report.h"

#include <linux/ethtool.h>

#include <algorithm>
#include <cstring>

#include "core/capture/interface_request.h"

namespace rtpsonde {
namespace {

// More than any kernel or card has, and little memory.
constexpr uint32_t kMostFeatures = 4096;
constexpr uint32_t kMostBuckets = 65'536;

class Driver {
 public:
  explicit Driver(const std::string& interface) : interface_(interface) {}

  bool ask(unsigned long command) { return request_.ask(interface_.c_str(), command) == 0; }
  const ifreq& answer() const { return request_.answer(); }
  bool ask(void* command) { return request_.ethtool(interface_.c_str(), command) == 0; }

 private:
  const std::string interface_;
  InterfaceRequest request_;
};

// A structure of linux/ethtool.h that ends in an array, in words of 32 bits.
template <typename Head>
class Words {
 public:
  Words(uint32_t command, size_t bytes) : words_((sizeof(Head) + bytes + 3) / 4) { head()->cmd = command; }
  Head* head() { return reinterpret_cast<Head*>(words_.data()); }

 private:
  std::vector<uint32_t> words_;
};

template <size_t N>
std::string text(const char (&field)[N]) {
  return {field, ::strnlen(field, N)};
}

void read_link(Driver& driver, InterfaceReport& report) {
  if (driver.ask(SIOCGIFFLAGS)) report.flags = static_cast<uint16_t>(driver.answer().ifr_flags);
  if (driver.ask(SIOCGIFHWADDR)) report.type = driver.answer().ifr_hwaddr.sa_family;
  if (driver.ask(SIOCGIFMTU)) report.mtu = driver.answer().ifr_mtu;
  if (ethtool_value about{.cmd = ETHTOOL_GLINK}; driver.ask(&about)) report.carrier = about.data != 0;
  // The older of two calls for the same: it asks in one go.
  if (ethtool_cmd about{.cmd = ETHTOOL_GSET}; driver.ask(&about)) {
    const uint32_t speed = ethtool_cmd_speed(&about);
    if (speed != 0 && speed != static_cast<uint32_t>(SPEED_UNKNOWN)) report.speed_mbps = speed;
    if (about.duplex != DUPLEX_UNKNOWN) report.full_duplex = about.duplex == DUPLEX_FULL;
  }
}

std::optional<uint64_t> hash_of(Driver& driver, uint32_t flow) {
  ethtool_rxnfc about{};
  about.cmd = ETHTOOL_GRXFH;
  about.flow_type = flow;
  if (!driver.ask(&about)) return {};
  return about.data;
}

std::vector<uint32_t> indirection_of(Driver& driver) {
  ethtool_rxfh_indir ask_size{};
  ask_size.cmd = ETHTOOL_GRXFHINDIR;
  if (!driver.ask(&ask_size) || ask_size.size == 0 || ask_size.size > kMostBuckets) return {};
  Words<ethtool_rxfh_indir> table(ETHTOOL_GRXFHINDIR, ask_size.size * sizeof(uint32_t));
  table.head()->size = ask_size.size;
  if (!driver.ask(table.head())) return {};
  const uint32_t* const first = table.head()->ring_index;
  return {first, first + std::min(table.head()->size, ask_size.size)};
}

uint32_t count_of_features(Driver& driver) {
  Words<ethtool_sset_info> about(ETHTOOL_GSSET_INFO, sizeof(uint32_t));
  about.head()->sset_mask = uint64_t{1} << ETH_SS_FEATURES;
  if (!driver.ask(about.head()) || about.head()->sset_mask == 0) return 0;
  return std::min(about.head()->data[0], kMostFeatures);
}

std::vector<InterfaceReport::Feature> features_of(Driver& driver) {
  const uint32_t count = count_of_features(driver);
  const uint32_t blocks = (count + 31) / 32;
  Words<ethtool_gstrings> names(ETHTOOL_GSTRINGS, size_t{count} * ETH_GSTRING_LEN);
  names.head()->string_set = ETH_SS_FEATURES;
  names.head()->len = count;
  Words<ethtool_gfeatures> states(ETHTOOL_GFEATURES, blocks * sizeof(ethtool_get_features_block));
  states.head()->size = blocks;
  if (count == 0 || !driver.ask(names.head()) || !driver.ask(states.head())) return {};
  std::vector<InterfaceReport::Feature> features;
  for (uint32_t i = 0; i < count; i++) {
    const char* const name = reinterpret_cast<const char*>(names.head()->data) + i * ETH_GSTRING_LEN;
    const ethtool_get_features_block& block = states.head()->features[i / 32];
    const uint32_t bit = 1U << (i % 32);
    features.push_back({{name, ::strnlen(name, ETH_GSTRING_LEN)},
                        (block.active & bit) != 0,
                        (block.available & ~block.never_changed & bit) != 0});
  }
  return features;
}

}  // namespace

InterfaceReport read_interface(const std::string& interface) {
  Driver driver(interface);
  InterfaceReport report;
  report.index = static_cast<int>(::if_nametoindex(interface.c_str()));
  if (report.index == 0) return report;
  read_link(driver, report);
  if (ethtool_drvinfo about{.cmd = ETHTOOL_GDRVINFO}; driver.ask(&about)) {
    report.driver = text(about.driver);
    report.version = text(about.version);
    report.bus = text(about.bus_info);
  }
  if (ethtool_ringparam about{.cmd = ETHTOOL_GRINGPARAM}; driver.ask(&about)) {
    report.ring = {about.rx_pending, about.rx_max_pending};
  }
  if (ethtool_channels about{.cmd = ETHTOOL_GCHANNELS}; driver.ask(&about)) {
    report.channels = {about.rx_count, about.max_rx, about.combined_count, about.max_combined};
  }
  if (ethtool_coalesce about{.cmd = ETHTOOL_GCOALESCE}; driver.ask(&about)) {
    report.coalescing = {about.rx_coalesce_usecs, about.use_adaptive_rx_coalesce != 0};
  }
  if (ethtool_pauseparam about{.cmd = ETHTOOL_GPAUSEPARAM}; driver.ask(&about)) {
    report.pause = {about.rx_pause != 0, about.tx_pause != 0};
  }
  if (ethtool_ts_info about{.cmd = ETHTOOL_GET_TS_INFO}; driver.ask(&about)) {
    report.time_stamping = {about.so_timestamping, about.phc_index, about.rx_filters};
  }
  report.udp4_hash = hash_of(driver, UDP_V4_FLOW);
  report.udp6_hash = hash_of(driver, UDP_V6_FLOW);
  report.indirection = indirection_of(driver);
  report.features = features_of(driver);
  return report;
}

}  // namespace rtpsonde
