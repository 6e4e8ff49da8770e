#include "addon/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace {

constexpr mode_t kMode = 0640;

Napi::Value fail(Napi::Env env, const std::string& path) {
  const int number = errno;
  Napi::Error error = Napi::Error::New(env, path + ": " + std::generic_category().message(number));
  error.Set("errno", Napi::Number::New(env, -number));
  error.ThrowAsJavaScriptException();
  return env.Undefined();
}

Napi::Value lock_file(const Napi::CallbackInfo& info) {
  const std::string path = info[0].ToString();
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  if (fd < 0) return fail(info.Env(), path);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return Napi::Number::New(info.Env(), fd);
  const int number = errno;
  ::close(fd);
  errno = number;
  return number == EWOULDBLOCK ? Napi::Number::New(info.Env(), -1) : fail(info.Env(), path);
}

}  // namespace

void define_lock_file(Napi::Env env, Napi::Object exports) {
  exports.Set("lockFile", Napi::Function::New(env, lock_file, "lockFile"));
}
