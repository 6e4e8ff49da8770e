// See hardware_time.h.
#include "core/capture/hardware_time.h"

#include <linux/ethtool.h>
#include <linux/net_tstamp.h>

#include <cerrno>
#include <system_error>

#include "core/capture/interface_request.h"

namespace rtpsonde {
namespace {

// 0, or the error.
int request(const std::string& interface, unsigned long what, void* data) {
  return InterfaceRequest().ask(interface.c_str(), what, data);
}

}  // namespace

int hardware_clock_of(const std::string& interface) {
  ethtool_ts_info able{};
  able.cmd = ETHTOOL_GET_TS_INFO;
  return request(interface, SIOCETHTOOL, &able) == 0 ? able.phc_index : -1;
}

bool HardwareTime::ask(const std::string& interface) {
  release();
  interface_ = interface;
  possible_ = false;
  ethtool_ts_info able{};
  able.cmd = ETHTOOL_GET_TS_INFO;
  if (request(interface, SIOCETHTOOL, &able) != 0 ||
      (able.so_timestamping & SOF_TIMESTAMPING_RAW_HARDWARE) == 0 ||
      (able.rx_filters & (1U << HWTSTAMP_FILTER_ALL)) == 0) {
    return refuse("the network card cannot stamp all packets (ethtool -T " + interface + ")");
  }
  possible_ = true;
  hwtstamp_config config{};
  if (request(interface, SIOCGHWTSTAMP, &config) == 0) {
    if (config.rx_filter == HWTSTAMP_FILTER_ALL) return true;
    flags_before_ = config.flags;
    tx_before_ = config.tx_type;
    rx_before_ = config.rx_filter;
  }
  config.rx_filter = HWTSTAMP_FILTER_ALL;
  const int error = request(interface, SIOCSHWTSTAMP, &config);
  if (error == EPERM) {
    return refuse("turning them on needs the right CAP_NET_ADMIN; let it be done before: hwstamp_ctl -i " +
                  interface + " -r 1");
  }
  if (error != 0) return refuse(std::generic_category().message(error));
  changed_ = true;
  return config.rx_filter == HWTSTAMP_FILTER_ALL || refuse("the network card stamps some packets only");
}

bool HardwareTime::refuse(const std::string& why) {
  refusal_ = why;
  return false;
}

void HardwareTime::release() {
  if (!changed_) return;
  changed_ = false;
  hwtstamp_config config{flags_before_, tx_before_, rx_before_};
  request(interface_, SIOCSHWTSTAMP, &config);
}

}  // namespace rtpsonde
