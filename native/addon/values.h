// Plain values between JavaScript and C++, and what becomes of errors in between.
#pragma once

#include <napi.h>

#include <cstdint>
#include <exception>
#include <string>

#include "core/base/error.h"

inline Napi::Error with_code(Napi::Env env, const std::string& code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

// What C++ throws becomes a JavaScript error with a code; anything else would end the process.
template <typename Body>
auto guarded(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const rtpsonde::Error& e) {
    throw with_code(env, e.code(), e.what());
  } catch (const std::exception& e) {
    throw with_code(env, "ERR_ENGINE_FAULT", e.what());
  }
}

inline double number(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) throw rtpsonde::Error("ERR_ENGINE_OPTIONS", std::string(name) + " must be a number");
  // Every option is a size, a time or a count: none is negative, none needs more than 2^53.
  constexpr double kLargest = 9007199254740992.0;
  const double result = value.As<Napi::Number>().DoubleValue();
  if (!(result >= 0 && result <= kLargest)) {
    throw rtpsonde::Error("ERR_ENGINE_OPTIONS", std::string(name) + " must be 0 or more");
  }
  return result;
}

inline uint32_t count(const Napi::Object& object, const char* name) {
  const double result = number(object, name);
  if (result > UINT32_MAX) throw rtpsonde::Error("ERR_ENGINE_OPTIONS", std::string(name) + " is too large");
  return static_cast<uint32_t>(result);
}

// Milliseconds to nanoseconds, at most a hundred days.
inline int64_t milliseconds(const Napi::Object& object, const char* name) {
  const double result = number(object, name);
  if (result > 8.64e9) throw rtpsonde::Error("ERR_ENGINE_OPTIONS", std::string(name) + " is too large");
  return static_cast<int64_t>(result * 1e6);
}

inline bool boolean(const Napi::Object& object, const char* name) { return object.Get(name).ToBoolean(); }

inline std::string text(const Napi::Object& object, const char* name) { return object.Get(name).ToString(); }
