// The rows of the RTCP ledger, kept with the streams of a table.
#pragma once

#include "core/stream/rtcp_ledger.h"
#include "core/stream/table.h"

namespace rtpsonde {

class TableRtcpRows : public RtcpRows {
 public:
  explicit TableRtcpRows(StreamTable& table) : table_(table) {}

  RtcpRow& row_of(uint32_t stream) override {
    return table_.parts().rtcp_of(table_.hot(stream), table_.cold(stream));
  }
  EndpointReport& take_endpoint() override { return *table_.parts().endpoint.take(); }

 private:
  StreamTable& table_;
};

}  // namespace rtpsonde
