// The rows of the RTCP ledger, kept with the streams of a table.
#pragma once

#include "core/stream/rtcp_ledger.h"
#include "core/stream/table.h"

namespace rtpsonde {

class TableRtcpRows : public RtcpRows {
 public:
  explicit TableRtcpRows(StreamTable& table) : table_(table) {}

  RtcpRow* row_of(uint32_t stream) override {
    StreamCold& cold = table_.cold(stream);
    if (cold.rtcp == nullptr) cold.rtcp = table_.parts().rtcp.take();
    return cold.rtcp;
  }
  EndpointReport* take_endpoint() override { return table_.parts().endpoint.take(); }

 private:
  StreamTable& table_;
};

}  // namespace rtpsonde
