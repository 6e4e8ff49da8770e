// See file_watch.h.
#include "core/capture/file_watch.h"

#include <glob.h>

#include <cstring>

namespace rtpsonde {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(200);

}  // namespace

std::string FileWatch::after(const std::string& path) {
  if (pattern_.empty()) return {};
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return {};
  glob_t found{};
  std::string best;
  if (::glob(pattern_.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc; i++) {
      const char* const candidate = found.gl_pathv[i];
      const bool newer = path.empty() || ::strverscmp(candidate, path.c_str()) > 0;
      if (newer && (best.empty() || ::strverscmp(candidate, best.c_str()) < 0)) best = candidate;
    }
  }
  ::globfree(&found);
  // A row of files that are there already is gone through without waiting.
  if (best.empty()) next_look_ = now + kBetweenLooks;
  return best;
}

}  // namespace rtpsonde
