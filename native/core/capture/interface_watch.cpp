// See interface_watch.h.
#include "core/capture/interface_watch.h"

#include <linux/ethtool.h>

#include <algorithm>

namespace rtpsonde {

void InterfaceWatch::look(int64_t now_ns) {
  state_ = ask();
  if (held_ && state_ == CaptureState::kCapturing) state_ = CaptureState::kGone;
  if (state_ != CaptureState::kCapturing) {
    if (!out_) begin(now_ns);
    return last_until(now_ns);
  }
  if (out_) {
    last_until(now_ns);
    pending_.to_ns = now_ns;
    out_ = false;
  }
  last_well_ns_ = now_ns;
}

void InterfaceWatch::fell(int64_t now_ns) {
  if (!out_) begin(now_ns);
}

CaptureState InterfaceWatch::ask() {
  const int named = static_cast<int>(::if_nametoindex(name_.c_str()));
  successor_ = named != index_ ? named : 0;
  renamed_to_.clear();
  char name[IF_NAMESIZE];
  if (::if_indextoname(static_cast<unsigned>(index_), name) == nullptr) return CaptureState::kGone;
  if (name_ != name) renamed_to_ = name;
  if (request_.ask(name, SIOCGIFFLAGS) != 0) return CaptureState::kGone;
  if ((request_.answer().ifr_flags & IFF_UP) == 0) return CaptureState::kDown;
  return has_carrier(name) ? CaptureState::kCapturing : CaptureState::kNoCarrier;
}

// IFF_RUNNING would tell the same, but up to a second late.
bool InterfaceWatch::has_carrier(const char* name) {
  ethtool_value link{ETHTOOL_GLINK, 1};
  return request_.ethtool(name, &link) != 0 || link.data != 0;
}

// Nothing was captured since the last packet; but a link that was silent before is not
// taken to have been down so long.
void InterfaceWatch::begin(int64_t now_ns) {
  out_ = true;
  outages_++;
  noticed_ns_ = now_ns;
  pending_ = {std::min(std::max(last_packet_ns_, last_well_ns_), now_ns), 0};
  counted_ns_ = pending_.from_ns > 0 ? pending_.from_ns : now_ns;
}

void InterfaceWatch::last_until(int64_t now_ns) {
  outage_ns_ += std::max<int64_t>(now_ns - counted_ns_, 0);
  counted_ns_ = std::max(counted_ns_, now_ns);
}

Outage InterfaceWatch::back(int64_t first_ns) {
  last_packet_ns_ = first_ns;
  if (first_ns <= noticed_ns_) {
    // From the ring, captured before.
    pending_.from_ns = std::max(pending_.from_ns, first_ns);
    return {};
  }
  if (out_) {
    last_until(first_ns);
    out_ = false;
    state_ = CaptureState::kCapturing;
    pending_.to_ns = first_ns;
  }
  const Outage over{pending_.from_ns, std::min(pending_.to_ns, first_ns)};
  pending_ = {};
  return over;
}

}  // namespace rtpsonde
