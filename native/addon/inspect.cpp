// See inspect.h. Like addon.cpp it converts values and owns nothing.
#include "addon/inspect.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "core/base/error.h"
#include "core/capture/af_packet_source.h"
#include "core/capture/interface_report.h"
#include "core/capture/kernel_clock.h"
#include "core/decode/frame_census.h"

namespace {

using rtpsonde::FrameCensus;
using rtpsonde::InterfaceReport;

template <typename Value>
Napi::Value value_or_null(Napi::Env env, const std::optional<Value>& value) {
  if (!value) return env.Null();
  if constexpr (std::is_same_v<Value, bool>) return Napi::Boolean::New(env, *value);
  return Napi::Number::New(env, static_cast<double>(*value));
}

Napi::Array features_of(Napi::Env env, const InterfaceReport& report) {
  const Napi::Array features = Napi::Array::New(env, report.features.size());
  for (uint32_t i = 0; i < report.features.size(); i++) {
    const InterfaceReport::Feature& feature = report.features[i];
    const Napi::Object one = Napi::Object::New(env);
    one.Set("name", feature.name);
    one.Set("active", feature.active);
    one.Set("changeable", feature.changeable);
    features.Set(i, one);
  }
  return features;
}

// An object of numbers and flags, or null.
template <typename Part, typename Fill>
void set_part(const Napi::Object& result, const char* name, const std::optional<Part>& part, Fill fill) {
  const Napi::Env env = result.Env();
  if (!part) {
    result.Set(name, env.Null());
    return;
  }
  const Napi::Object object = Napi::Object::New(env);
  fill(object, *part);
  result.Set(name, object);
}

Napi::Value inspect_interface(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const InterfaceReport report = rtpsonde::read_interface(info[0].ToString());
  const Napi::Object result = Napi::Object::New(env);
  result.Set("index", report.index);
  result.Set("flags", report.flags);
  result.Set("type", report.type);
  result.Set("mtu", report.mtu);
  result.Set("carrier", value_or_null(env, report.carrier));
  result.Set("speedMbps", value_or_null(env, report.speed_mbps));
  result.Set("fullDuplex", value_or_null(env, report.full_duplex));
  result.Set("driver", report.driver);
  result.Set("version", report.version);
  result.Set("bus", report.bus);
  set_part(result, "ring", report.ring, [](Napi::Object object, const InterfaceReport::Ring& ring) {
    object.Set("rx", ring.rx);
    object.Set("rxMax", ring.rx_max);
  });
  set_part(result, "channels", report.channels,
           [](Napi::Object object, const InterfaceReport::Channels& queues) {
             object.Set("rx", queues.rx);
             object.Set("rxMax", queues.rx_max);
             object.Set("combined", queues.combined);
             object.Set("combinedMax", queues.combined_max);
           });
  set_part(result, "coalescing", report.coalescing,
           [](Napi::Object object, const InterfaceReport::Coalescing& coalescing) {
             object.Set("rxUs", coalescing.rx_us);
             object.Set("adaptive", coalescing.adaptive);
           });
  set_part(result, "pause", report.pause, [](Napi::Object object, const InterfaceReport::Pause& pause) {
    object.Set("rx", pause.rx);
    object.Set("tx", pause.tx);
  });
  set_part(result, "timeStamping", report.time_stamping,
           [](Napi::Object object, const InterfaceReport::TimeStamping& stamps) {
             object.Set("flags", stamps.flags);
             object.Set("phc", stamps.phc);
             object.Set("rxFilters", stamps.rx_filters);
           });
  result.Set("udp4Hash", value_or_null(env, report.udp4_hash));
  result.Set("udp6Hash", value_or_null(env, report.udp6_hash));
  const Napi::Array indirection = Napi::Array::New(env, report.indirection.size());
  for (uint32_t i = 0; i < report.indirection.size(); i++) indirection.Set(i, report.indirection[i]);
  result.Set("indirection", indirection);
  result.Set("features", features_of(env, report));
  return result;
}

Napi::Value inspect_clock(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::optional<rtpsonde::KernelClock> clock = rtpsonde::read_kernel_clock();
  if (!clock) return env.Null();
  const Napi::Object result = Napi::Object::New(env);
  result.Set("synchronised", clock->synchronised);
  result.Set("offsetMs", clock->offset_ms);
  result.Set("estimatedErrorMs", clock->estimated_error_ms);
  result.Set("maxErrorMs", clock->max_error_ms);
  return result;
}

// Null when a packet socket may be opened, else what the system says.
Napi::Value try_packet_socket(const Napi::CallbackInfo& info) {
  const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) return Napi::String::New(info.Env(), std::generic_category().message(errno));
  ::close(fd);
  return info.Env().Null();
}

// Looks at frames on a thread of its own until the time is over or enough were
// seen, and then takes its socket away, so that it weighs little beside a capture.
class CensusWorker : public Napi::AsyncWorker {
 public:
  CensusWorker(Napi::Env env, rtpsonde::AfPacketOptions options, double seconds, uint64_t enough)
      : Napi::AsyncWorker(env),
        result_(Napi::Promise::Deferred::New(env)),
        options_(std::move(options)),
        seconds_(seconds),
        enough_(enough) {}

  Napi::Promise promise() const { return result_.Promise(); }

  void Execute() override {
    try {
      look();
    } catch (const rtpsonde::Error& error) {
      code_ = error.code();
      SetError(error.what());
    }
  }

  void OnOK() override {
    const Napi::Object result = Napi::Object::New(Env());
    result.Set("frames", static_cast<double>(census_.frames()));
    result.Set("bytes", static_cast<double>(census_.bytes()));
    result.Set("group", static_cast<double>(census_.group()));
    result.Set("largest", census_.largest());
    const Napi::Array vlans = Napi::Array::New(Env());
    for (uint32_t id = 0; id < census_.vlans().size(); id++) {
      if (census_.vlans()[id]) vlans.Set(vlans.Length(), id);
    }
    result.Set("vlans", vlans);
    result_.Resolve(result);
  }

  void OnError(const Napi::Error& error) override {
    const Napi::Object value = error.Value();
    value.Set("code", code_.empty() ? "ERR_ENGINE_FAULT" : code_);
    result_.Reject(value);
  }

 private:
  void look() {
    using Clock = std::chrono::steady_clock;
    rtpsonde::AfPacketSource source(options_);
    source.open();
    rtpsonde::PacketBatch batch;
    const auto end = Clock::now() + std::chrono::duration<double>(seconds_);
    while (census_.frames() < enough_ && Clock::now() < end) {
      source.read(batch, 100);
      for (size_t i = 0; i < batch.count; i++) census_.take(batch.packets[i]);
    }
  }

  Napi::Promise::Deferred result_;
  rtpsonde::AfPacketOptions options_;
  double seconds_;
  uint64_t enough_;
  FrameCensus census_;
  std::string code_;
};

// takeCensus(interface, promiscuous, seconds, enough frames): Promise
Napi::Value take_census(const Napi::CallbackInfo& info) {
  rtpsonde::AfPacketOptions options;
  options.interface = info[0].ToString();
  options.promiscuous = info[1].ToBoolean();
  options.ring_bytes = 4U << 20;
  options.block_bytes = 256U << 10;
  options.snap_length = 96;
  // Deletes itself when it is done.
  auto* const worker = new CensusWorker(info.Env(), options, info[2].ToNumber().DoubleValue(),
                                        static_cast<uint64_t>(info[3].ToNumber().Int64Value()));
  worker->Queue();
  return worker->promise();
}

}  // namespace

void define_inspection(Napi::Env env, Napi::Object exports) {
  exports.Set("inspectInterface", Napi::Function::New(env, inspect_interface, "inspectInterface"));
  exports.Set("inspectClock", Napi::Function::New(env, inspect_clock, "inspectClock"));
  exports.Set("tryPacketSocket", Napi::Function::New(env, try_packet_socket, "tryPacketSocket"));
  exports.Set("takeCensus", Napi::Function::New(env, take_census, "takeCensus"));
}
