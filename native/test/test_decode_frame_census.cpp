// The census of frames: groups, sizes and VLANs, of any bytes.
#include "core/decode/frame_census.h"
#include "test_decode_support.h"

using namespace decode_test;
using rtpsonde::FrameCensus;
using rtpsonde::kNoVlan;
using rtpsonde::PacketView;

namespace {

// A frame to `destination`, with what follows the source address.
Octets frame(const std::string& destination, const Octets& rest) {
  return cat({hex(destination), hex("020000000001"), rest});
}

void take(FrameCensus& census, const Octets& octets, uint32_t wire_len, uint16_t stripped = kNoVlan) {
  PacketView packet;
  packet.bytes = {octets.data(), octets.size()};
  packet.wire_len = wire_len;
  packet.stripped_vlan = stripped;
  census.take(packet);
}

std::string said(const FrameCensus& census) {
  std::string vlans;
  for (size_t id = 0; id < census.vlans().size(); id++) {
    if (census.vlans()[id]) vlans += " " + std::to_string(id);
  }
  return std::to_string(census.frames()) + " frames, " + std::to_string(census.bytes()) + " bytes, " +
         std::to_string(census.group()) + " to groups, largest " + std::to_string(census.largest()) +
         ", vlans" + vlans;
}

}  // namespace

TEST_CASE("census: group addresses, the largest frame and VLANs in and beside the frame") {
  FrameCensus census;
  const Octets ip = cat({be16(0x0800), Octets(46)});
  take(census, frame("0200000000ff", ip), 214);
  take(census, frame("ffffffffffff", cat({be16(0x0806), Octets(46)})), 60);  // broadcast, ARP
  take(census, frame("01005e000001", ip), 60);                               // IPv4 multicast
  take(census, frame("333300000001", ip), 60);                               // IPv6 multicast
  take(census, frame("0200000000ff", ip), 9014, 7);                          // merged, or a jumbo frame
  take(census, frame("0200000000ff", cat({hex("8100 a12c"), ip})), 218);     // 802.1Q: priority 5, VLAN 300
  take(census, frame("0200000000ff", cat({hex("8100 0009"), ip})), 218,
       8);  // the card took out the outer one
  CHECK(said(census) == "7 frames, 9844 bytes, 3 to groups, largest 9014, vlans 7 8 300");
}

TEST_CASE("census: VLAN of a frame that is no IP, and frames that are cut short") {
  FrameCensus census;
  take(census, frame("0180c2000000", cat({hex("8100 0fff"), hex("88cc"), Octets(40)})), 60);
  take(census, {}, 0);
  take(census, {0x01}, 60);
  take(census, frame("0200000000ff", hex("8100")), 60);
  CHECK(said(census) == "4 frames, 180 bytes, 2 to groups, largest 60, vlans 4095");
}
