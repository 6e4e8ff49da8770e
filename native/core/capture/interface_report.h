// What the kernel and the driver say of a network interface, by ioctls (netdevice(7),
// linux/ethtool.h): no program is needed, no right either, and nothing is changed.
// Unlike /sys it is always of the network namespace that the process is in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rtpsonde {

// What nobody tells stays empty.
struct InterfaceReport {
  struct Feature {
    std::string name;  // as the kernel calls it, for example rx-gro
    bool active = false;
    bool changeable = false;  // false: fixed by the driver
  };
  // Descriptors of the receive ring.
  struct Ring {
    uint32_t rx = 0;
    uint32_t rx_max = 0;
  };
  // Queues that receive: of their own, and those shared with sending.
  struct Channels {
    uint32_t rx = 0, rx_max = 0;
    uint32_t combined = 0, combined_max = 0;
  };
  // How long the card collects packets before it interrupts.
  struct Coalescing {
    uint32_t rx_us = 0;
    bool adaptive = false;  // the card chooses the time itself
  };
  struct Pause {
    bool rx = false, tx = false;
  };
  // linux/net_tstamp.h
  struct TimeStamping {
    uint32_t flags = 0;       // SOF_TIMESTAMPING_*
    int32_t phc = -1;         // number of the hardware clock, -1: none
    uint32_t rx_filters = 0;  // one bit for each HWTSTAMP_FILTER_*
  };

  int index = 0;       // 0: there is no such interface
  uint32_t flags = 0;  // IFF_*
  int type = -1;       // ARPHRD_*
  int mtu = 0;         // bytes
  std::optional<bool> carrier;
  std::optional<uint32_t> speed_mbps;
  std::optional<bool> full_duplex;

  std::string driver, version;
  std::string bus;  // where the device is; empty or a word for an interface without one
  std::optional<Ring> ring;
  std::optional<Channels> channels;
  std::optional<Coalescing> coalescing;
  std::optional<Pause> pause;
  std::optional<TimeStamping> time_stamping;
  // RXH_* bits: what of a UDP packet chooses its queue.
  std::optional<uint64_t> udp4_hash, udp6_hash;
  // Queue of each hash bucket; empty when there is no such table.
  std::vector<uint32_t> indirection;
  std::vector<Feature> features;
};

// An empty report when there is no such interface.
InterfaceReport read_interface(const std::string& interface);

}  // namespace rtpsonde
