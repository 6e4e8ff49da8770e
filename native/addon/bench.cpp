// See bench.h. Like addon.cpp it converts values and owns nothing.
#include "addon/bench.h"

#include <sched.h>

#include <memory>

#include "addon/options.h"
#include "addon/values.h"
#include "core/bench/plain_consumer.h"
#include "core/bench/thread_clock.h"
#include "core/bench/traffic_generator.h"

namespace {

namespace bench = rtpsonde::bench;
using rtpsonde::Error;

// A CPU number; -1 is any.
int cpu_number(const Napi::Object& object) {
  const int cpu = object.Get("cpu").ToNumber().Int32Value();
  if (cpu < -1 || cpu >= CPU_SETSIZE) throw Error("ERR_ENGINE_OPTIONS", "no such CPU number");
  return cpu;
}

Napi::Value text_or_null(Napi::Env env, const std::string& text) {
  if (text.empty()) return env.Null();
  return Napi::String::New(env, text);
}

void set_number(const Napi::Object& object, const char* name, uint64_t value) {
  object.Set(name, static_cast<double>(value));
}

bench::GeneratorOptions generator_options(const Napi::Object& object) {
  bench::GeneratorOptions options;
  const std::string sender = text(object, "sender");
  if (sender != "live-frames" && sender != "sendmmsg") {
    throw Error("ERR_ENGINE_OPTIONS", "unknown sender " + sender);
  }
  options.sender = sender == "sendmmsg" ? bench::SenderKind::kSocket : bench::SenderKind::kLiveFrames;
  options.receiving = text(object, "receiving");
  options.sending = text(object, "sending");
  options.through_cable = boolean(object, "throughCable");
  options.streams = count(object, "streams");
  options.first_stream = count(object, "firstStream");
  options.packets_per_second = count(object, "packetsPerSecond");
  options.cpu = cpu_number(object);
  return options;
}

class BenchGenerator : public Napi::ObjectWrap<BenchGenerator> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "BenchGenerator",
        {InstanceMethod<&BenchGenerator::start>("start"), InstanceMethod<&BenchGenerator::stop>("stop"),
         InstanceMethod<&BenchGenerator::stats>("stats")});
  }

  explicit BenchGenerator(const Napi::CallbackInfo& info) : Napi::ObjectWrap<BenchGenerator>(info) {
    guarded(info.Env(), [&] {
      generator_ = std::make_unique<bench::TrafficGenerator>(generator_options(info[0].As<Napi::Object>()));
    });
  }

  void start(const Napi::CallbackInfo&) { generator_->start(); }
  void stop(const Napi::CallbackInfo&) { generator_->stop(); }

  Napi::Value stats(const Napi::CallbackInfo& info) {
    const bench::GeneratorStats stats = generator_->stats();
    const Napi::Object result = Napi::Object::New(info.Env());
    set_number(result, "sent", stats.sent);
    result.Set("cpuSeconds", stats.cpu_seconds);
    result.Set("seconds", stats.seconds);
    result.Set("error", text_or_null(info.Env(), stats.error));
    return result;
  }

 private:
  std::unique_ptr<bench::TrafficGenerator> generator_;
};

bench::ConsumerKind consumer_kind(const std::string& name) {
  if (name == "null") return bench::ConsumerKind::kNull;
  if (name == "parse") return bench::ConsumerKind::kParse;
  if (name == "libpcap") return bench::ConsumerKind::kLibpcap;
  throw Error("ERR_ENGINE_OPTIONS", "unknown consumer " + name);
}

class BenchConsumer : public Napi::ObjectWrap<BenchConsumer> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "BenchConsumer",
        {InstanceMethod<&BenchConsumer::start>("start"), InstanceMethod<&BenchConsumer::stop>("stop"),
         InstanceMethod<&BenchConsumer::stats>("stats")});
  }

  explicit BenchConsumer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<BenchConsumer>(info) {
    guarded(info.Env(), [&] {
      const Napi::Object options = info[0].As<Napi::Object>();
      cpu_ = cpu_number(options);
      const Napi::Object engine = options.Get("engine").As<Napi::Object>();
      const Napi::Object source = engine.Get("source").As<Napi::Object>();
      rtpsonde::AfPacketOptions capture;
      capture.interface = source.Get("names").As<Napi::Array>().Get(0U).ToString();
      capture.ring_bytes = count(source, "ringBytes");
      capture.block_bytes = count(source, "blockBytes");
      capture.snap_length = count(source, "snapLength");
      consumer_ = std::make_unique<bench::PlainConsumer>(consumer_kind(text(options, "kind")), capture,
                                                         engine_options(engine));
    });
  }

  void start(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] { consumer_->start(cpu_); });
  }
  void stop(const Napi::CallbackInfo&) { consumer_->stop(); }

  Napi::Value stats(const Napi::CallbackInfo& info) {
    const bench::ConsumerStats stats = consumer_->stats();
    const Napi::Object result = Napi::Object::New(info.Env());
    set_number(result, "packets", stats.packets);
    set_number(result, "kernelPackets", stats.kernel_packets);
    set_number(result, "kernelDrops", stats.kernel_drops);
    set_number(result, "rtp", stats.rtp);
    result.Set("cpuSeconds", stats.cpu_seconds);
    result.Set("error", text_or_null(info.Env(), stats.error));
    return result;
  }

 private:
  std::unique_ptr<bench::PlainConsumer> consumer_;
  int cpu_ = -1;
};

Napi::Value thread_cpus(const Napi::CallbackInfo& info) {
  const Napi::Array result = Napi::Array::New(info.Env());
  for (const int cpu : bench::allowed_cpus()) result.Set(result.Length(), cpu);
  return result;
}

Napi::Value set_thread_cpus(const Napi::CallbackInfo& info) {
  const Napi::Array array = info[0].As<Napi::Array>();
  std::vector<int> cpus;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const int cpu = array.Get(i).ToNumber().Int32Value();
    if (cpu >= 0 && cpu < CPU_SETSIZE) cpus.push_back(cpu);
  }
  return Napi::Boolean::New(info.Env(), bench::run_on_cpus(cpus));
}

}  // namespace

void define_bench(Napi::Env env, Napi::Object exports) {
  exports.Set("BenchGenerator", BenchGenerator::define(env));
  exports.Set("BenchConsumer", BenchConsumer::define(env));
  exports.Set("threadCpus", Napi::Function::New(env, thread_cpus, "threadCpus"));
  exports.Set("setThreadCpus", Napi::Function::New(env, set_thread_cpus, "setThreadCpus"));
}
