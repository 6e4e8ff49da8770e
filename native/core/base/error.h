// Faults at set-up: a missing right, device or file. They carry a code that
// TypeScript turns into a message and an exit code; run faults are counters.
#pragma once

#include <stdexcept>
#include <string>

namespace rtpsonde {

class Error : public std::runtime_error {
 public:
  // code: one of src/ops/errors.ts, for example "ERR_CAPTURE_PERMISSION".
  Error(std::string code, const std::string& message) : std::runtime_error(message), code_(std::move(code)) {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

}  // namespace rtpsonde
