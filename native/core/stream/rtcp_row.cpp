#include "core/stream/rtcp_row.h"

namespace rtpsonde {

void RtcpRow::begin_window() {
  counts.begin_window();
  reception.begin_window();
  loss.begin_window();
  downstream.begin_window();
  upstream.begin_window();
  sender.begin_window();
}

}  // namespace rtpsonde
