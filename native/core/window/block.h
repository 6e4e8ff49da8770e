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

  // What was written before. Records lie on their natural boundaries.
  BlockHeader header() const {
    BlockHeader header;
    std::memcpy(&header, data_.get(), sizeof header);
    return header;
  }
  uint64_t counter(size_t i) const {
    double value;
    std::memcpy(&value, data_.get() + sizeof(BlockHeader) + i * sizeof value, sizeof value);
    return static_cast<uint64_t>(value);
  }
  StreamRecord& record(uint32_t row) {
    return *(reinterpret_cast<StreamRecord*>(data_.get() + kHeaderBytes) + row);
  }
  ReportRecord& report(uint32_t row) {
    return *(reinterpret_cast<ReportRecord*>(data_.get() + reports_at(0)) + row);
  }
  uint32_t reports() const { return reports_; }

  // Leaves so many of the first records, and of the first reports.
  void cut(uint32_t rows, uint32_t reports) {
    uint8_t* const from = data_.get() + reports_at(0);
    rows_ = rows;
    reports_ = reports;
    std::memmove(data_.get() + reports_at(0), from, reports * sizeof(ReportRecord));
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
    BlockHeader header = this->header();
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
