// A sealed block: header, counters, records and reports in one piece of memory, written
// once by the worker and read by TypeScript (layout: record.gen.h).
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "core/base/counters.h"
#include "core/window/record.gen.h"

namespace rtpsonde {

enum BlockFlag : uint32_t { kPartial = 1, kGapBefore = 2, kLast = 4 };

class Block {
 public:
  static constexpr size_t kHeaderBytes = sizeof(BlockHeader) + kCounterCount * sizeof(double);

  Block() = default;
  // Room for so many records and reports; empty() when there is no memory for it.
  explicit Block(uint32_t max_rows, uint32_t max_reports = 0)
      : data_(static_cast<uint8_t*>(std::malloc(kHeaderBytes + size_t{max_rows} * sizeof(StreamRecord) +
                                                size_t{max_reports} * sizeof(ReportRecord)))),
        max_rows_(max_rows),
        max_reports_(max_reports) {}

  bool empty() const { return data_ == nullptr; }
  uint32_t rows() const { return rows_; }
  uint8_t* data() const { return data_.get(); }
  size_t size() const { return reports_at(reports_); }

  void append(const StreamRecord& record) {
    if (rows_ == max_rows_) return;
    std::memcpy(data_.get() + kHeaderBytes + size_t{rows_} * sizeof(StreamRecord), &record, sizeof record);
    rows_++;
  }

  // After the last record. The report names the row of the record it belongs to, and
  // that record the report.
  void append(const ReportRecord& report) {
    if (reports_ == max_reports_) return;
    std::memcpy(data_.get() + reports_at(reports_), &report, sizeof report);
    reports_++;
  }

  void write_header(BlockHeader header, const Counters& counters) {
    header.magic = kBlockMagic;
    header.version = kLayoutVersion;
    header.header_bytes = static_cast<uint16_t>(kHeaderBytes);
    header.layout_hash = kLayoutHash;
    header.record_bytes = sizeof(StreamRecord);
    header.rows = rows_;
    header.counter_count = kCounterCount;
    header.reports = reports_;
    header.report_bytes = sizeof(ReportRecord);
    std::memcpy(data_.get(), &header, sizeof header);
    double values[kCounterCount];
    for (size_t i = 0; i < kCounterCount; i++) values[i] = static_cast<double>(counters.values()[i]);
    std::memcpy(data_.get() + sizeof header, values, sizeof values);
  }

  void add_flags(uint32_t flags) {
    BlockHeader header;
    std::memcpy(&header, data_.get(), sizeof header);
    header.flags |= flags;
    std::memcpy(data_.get(), &header, sizeof header);
  }

  // Hands the memory on; free() takes it back.
  uint8_t* detach() { return data_.release(); }

 private:
  size_t reports_at(uint32_t n) const {
    return kHeaderBytes + size_t{rows_} * sizeof(StreamRecord) + size_t{n} * sizeof(ReportRecord);
  }

  struct Free {
    void operator()(uint8_t* p) const { std::free(p); }
  };
  std::unique_ptr<uint8_t, Free> data_;
  uint32_t rows_ = 0;
  uint32_t max_rows_ = 0;
  uint32_t reports_ = 0;
  uint32_t max_reports_ = 0;
};

}  // namespace rtpsonde
