// The surface of the addon: start, take, release, stats, stop, checkFilter, and notify
// for systemd; what doctor asks is in inspect.h. It converts values and owns nothing;
// no rule about RTP lives here.
#include <malloc.h>
#include <napi.h>
#include <sched.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>

#include "addon/bench.h"
#include "addon/inspect.h"
#include "addon/lock_file.h"
#include "addon/options.h"
#include "addon/values.h"
#include "core/base/error.h"
#include "core/capture/file_source.h"
#include "core/capture/live_filter.h"
#include "core/capture/live_sources.h"
#include "core/capture/paced_source.h"
#include "core/capture/xdp_source.h"
#include "core/engine/engine.h"

namespace {

using rtpsonde::Error;

rtpsonde::MediaKind media_kind(const std::string& name) {
  using rtpsonde::MediaKind;
  if (name == "audio") return MediaKind::kAudio;
  if (name == "video") return MediaKind::kVideo;
  if (name == "comfort-noise") return MediaKind::kComfortNoise;
  if (name == "telephone-event") return MediaKind::kTelephoneEvent;
  throw Error("ERR_ENGINE_OPTIONS", "unknown media kind " + name);
}

// Encoding names compare without case (RFC 8866 6.6).
rtpsonde::PayloadUse payload_use(const std::string& name, bool speech_level) {
  using rtpsonde::PayloadUse;
  const auto is = [&name](const char* other) { return strcasecmp(name.c_str(), other) == 0; };
  if (is("red")) return PayloadUse::kRed;
  if (speech_level && is("PCMU")) return PayloadUse::kMuLaw;
  if (speech_level && is("PCMA")) return PayloadUse::kALaw;
  return PayloadUse::kNone;
}

rtpsonde::AccountingOptions accounting_options(const Napi::Object& object) {
  rtpsonde::AccountingOptions options;
  const Napi::Array profiles = object.Get("playoutProfiles").As<Napi::Array>();
  for (uint32_t i = 0; i < profiles.Length(); i++) {
    const Napi::Object profile = profiles.Get(i).As<Napi::Object>();
    options.playout.profiles.push_back({boolean(profile, "adaptive"),
                                        static_cast<float>(number(profile, "delayMs")),
                                        static_cast<float>(number(profile, "maxMs"))});
  }
  options.playout.used_by_quality = count(object, "playoutUsedByQuality");
  options.gmin = static_cast<uint16_t>(std::min(count(object, "gmin"), 0xffffU));
  options.stall_ns = milliseconds(object, "stallMs");
  return options;
}

bool sheds(const std::string& overload) {
  if (overload != "shed" && overload != "drop") {
    throw Error("ERR_ENGINE_OPTIONS", "unknown way to bear overload " + overload);
  }
  return overload == "shed";
}

rtpsonde::SpanCopyMode span_copy_mode(const std::string& name) {
  using rtpsonde::SpanCopyMode;
  if (name == "off") return SpanCopyMode::kOff;
  if (name == "auto") return SpanCopyMode::kAuto;
  if (name == "strict") return SpanCopyMode::kStrict;
  if (name == "all") return SpanCopyMode::kAll;
  throw Error("ERR_ENGINE_OPTIONS", "unknown mode of span copies " + name);
}

rtpsonde::SpanCopyOptions span_copies(const Napi::Object& object) {
  const Napi::Value value = object.Get("spanCopies");
  if (!value.IsObject()) throw Error("ERR_ENGINE_OPTIONS", "spanCopies must be an object");
  const Napi::Object copies = value.As<Napi::Object>();
  return {span_copy_mode(text(copies, "mode")), milliseconds(copies, "windowMs")};
}

}  // namespace

rtpsonde::EngineOptions engine_options(const Napi::Object& object) {
  rtpsonde::EngineOptions options;
  options.window_ns = milliseconds(object, "windowMs");
  options.idle_timeout_ns = milliseconds(object, "idleTimeoutMs");
  options.max_streams = count(object, "maxStreams");
  options.queue_blocks = count(object, "queueBlocks");
  options.fragments.max_datagrams = count(object, "fragmentDatagrams");
  options.fragments.timeout_ns = milliseconds(object, "fragmentTimeoutMs");
  options.accounting = accounting_options(object);
  const bool speech_level = boolean(object, "speechLevel");
  options.payload.transmission_offset_id = static_cast<uint8_t>(count(object, "transmissionOffsetId"));
  options.shed = sheds(text(object, "overload"));
  options.burst_gap_a2 = boolean(object, "burstGapA2");
  options.span_copies = span_copies(object);
  if (options.window_ns < 1'000'000) throw Error("ERR_ENGINE_OPTIONS", "windowMs must be 1 or more");
  if (options.queue_blocks < 1) throw Error("ERR_ENGINE_OPTIONS", "queueBlocks must be 1 or more");
  const Napi::Array types = object.Get("payloadTypes").As<Napi::Array>();
  for (uint32_t i = 0; i < types.Length(); i++) {
    const Napi::Object type = types.Get(i).As<Napi::Object>();
    options.payload_types.push_back(
        {static_cast<uint8_t>(std::min(count(type, "payloadType"), 255U)), count(type, "clockRate"),
         media_kind(text(type, "kind")),
         text(type, "source") == "static" ? rtpsonde::ClockSource::kStatic : rtpsonde::ClockSource::kConfig});
    const rtpsonde::PayloadUse use = payload_use(text(type, "name"), speech_level);
    if (use != rtpsonde::PayloadUse::kNone) {
      options.payload.types.push_back({options.payload_types.back().payload_type, use});
    }
  }
  return options;
}

namespace {

using Sources = std::vector<std::unique_ptr<rtpsonde::PacketSource>>;

rtpsonde::TimestampMode timestamp_mode(const std::string& name) {
  using rtpsonde::TimestampMode;
  if (name == "auto") return TimestampMode::kAuto;
  if (name == "hardware") return TimestampMode::kHardware;
  if (name == "kernel") return TimestampMode::kKernel;
  throw Error("ERR_ENGINE_OPTIONS", "unknown kind of time stamps " + name);
}

std::vector<std::string> texts(const Napi::Array& array) {
  std::vector<std::string> all;
  for (uint32_t i = 0; i < array.Length(); i++) all.push_back(array.Get(i).ToString());
  return all;
}

rtpsonde::XdpMode xdp_mode(const std::string& name) {
  using rtpsonde::XdpMode;
  if (name == "auto") return XdpMode::kAuto;
  if (name == "native") return XdpMode::kNative;
  if (name == "generic") return XdpMode::kGeneric;
  throw Error("ERR_ENGINE_OPTIONS", "unknown mode of XDP " + name);
}

rtpsonde::XdpCopy xdp_copy(const std::string& name) {
  using rtpsonde::XdpCopy;
  if (name == "auto") return XdpCopy::kAuto;
  if (name == "zero-copy") return XdpCopy::kZeroCopy;
  if (name == "copy") return XdpCopy::kCopy;
  throw Error("ERR_ENGINE_OPTIONS", "unknown way of AF_XDP to hand packets over " + name);
}

// The receive queues are not dealt out by call, so one worker has them all.
Sources xdp_sources(const Napi::Object& object, uint32_t workers) {
  if (workers != 1) throw Error("ERR_ENGINE_OPTIONS", "AF_XDP has one worker");
  rtpsonde::XdpOptions options;
  options.interface = text(object, "name");
  options.ring_bytes = count(object, "ringBytes");
  options.promiscuous = boolean(object, "promiscuous");
  options.mode = xdp_mode(text(object, "mode"));
  options.copy = xdp_copy(text(object, "copy"));
  options.take_over = boolean(object, "takeOver");
  Sources sources;
  sources.push_back(std::make_unique<rtpsonde::XdpSource>(options));
  return sources;
}

// One for each worker; the ring is divided among them.
Sources interface_sources(const Napi::Object& object, uint32_t workers) {
  rtpsonde::AfPacketOptions options;
  options.block_bytes = count(object, "blockBytes");
  options.ring_bytes = count(object, "ringBytes");
  options.snap_length = count(object, "snapLength");
  options.promiscuous = boolean(object, "promiscuous");
  options.udp_only = boolean(object, "udpOnly");
  options.filter = text(object, "filter");
  options.timestamps = timestamp_mode(text(object, "timestamps"));
  options.busy_poll_us = count(object, "busyPollUs");
  return rtpsonde::live_sources(options, texts(object.Get("names").As<Napi::Array>()), workers);
}

std::unique_ptr<rtpsonde::PacketSource> file_source(const Napi::Object& object) {
  rtpsonde::FileOptions options;
  options.paths = texts(object.Get("paths").As<Napi::Array>());
  options.follow = boolean(object, "follow");
  options.follow_pattern = text(object, "followPattern");
  auto files = std::make_unique<rtpsonde::FileSource>(options);
  const double speed = number(object, "replaySpeed");
  if (!(speed > 0)) return files;
  return std::make_unique<rtpsonde::PacedSource>(std::move(files), speed);
}

std::vector<int> cpus(const Napi::Array& array) {
  std::vector<int> all;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const double cpu = array.Get(i).ToNumber().DoubleValue();
    if (!(cpu >= 0 && cpu < CPU_SETSIZE)) throw Error("ERR_ENGINE_OPTIONS", "no such CPU number");
    all.push_back(static_cast<int>(cpu));
  }
  return all;
}

Sources packet_sources(const Napi::Object& object, uint32_t workers) {
  if (workers > 256) throw Error("ERR_ENGINE_OPTIONS", "workers must be 256 or fewer");
  if (text(object, "kind") == "interface") return interface_sources(object, workers);
  if (text(object, "kind") == "xdp") return xdp_sources(object, workers);
  Sources sources(workers);
  for (auto& source : sources) source = file_source(object);
  return sources;
}

// For files and AF_XDP; on a packet socket the kernel filters.
std::shared_ptr<const rtpsonde::PacketFilter> packet_filter(const Napi::Object& source) {
  const std::string expression = text(source, "filter");
  if (expression.empty() || text(source, "kind") == "interface") return nullptr;
  return std::make_shared<const rtpsonde::PacketFilter>(expression);
}

const char* capture_method(rtpsonde::CaptureMethod method) {
  using rtpsonde::CaptureMethod;
  switch (method) {
    case CaptureMethod::kFile:
      return "file";
    case CaptureMethod::kPacket:
      return "packet";
    case CaptureMethod::kXdpGeneric:
      return "xdp-generic";
    case CaptureMethod::kXdpNative:
      return "xdp-native";
    default:
      return "xdp-zero-copy";
  }
}

const char* capture_state(rtpsonde::CaptureState state) {
  using rtpsonde::CaptureState;
  switch (state) {
    case CaptureState::kFile:
      return "file";
    case CaptureState::kCapturing:
      return "capturing";
    case CaptureState::kNoCarrier:
      return "noCarrier";
    case CaptureState::kDown:
      return "down";
    default:
      return "gone";
  }
}

// Memory of a block while JavaScript has it.
struct Lent {
  uint8_t* data;  // null when it has been given back
};

class Engine : public Napi::ObjectWrap<Engine> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Engine",
                       {InstanceMethod<&Engine::start>("start"), InstanceMethod<&Engine::take>("take"),
                        InstanceMethod<&Engine::release>("release"), InstanceMethod<&Engine::stats>("stats"),
                        InstanceMethod<&Engine::stop>("stop")});
  }

  explicit Engine(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Engine>(info) {
    guarded(info.Env(), [&] {
      const Napi::Object options = info[0].As<Napi::Object>();
      const Napi::Object source = options.Get("source").As<Napi::Object>();
      rtpsonde::EngineOptions wanted = engine_options(options);
      wanted.filter = packet_filter(source);
      engine_ = std::make_unique<rtpsonde::Engine>(wanted, packet_sources(source, count(options, "workers")),
                                                   cpus(options.Get("cpus").As<Napi::Array>()));
      if (text(source, "kind") != "files") ring_bytes_ = count(source, "ringBytes");
    });
  }

  void start(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] { engine_->start(); });
    tell_held(info.Env(), ring_bytes_);
  }

  // The rings and tables go with the object, not with stop(): until then they can be asked.
  void Finalize(Napi::BasicEnv env) override {
    engine_.reset();
    tell_held(env, 0);
  }

  // The block's own memory becomes the buffer: nothing is copied.
  Napi::Value take(const Napi::CallbackInfo& info) {
    std::optional<rtpsonde::Block> block = guarded(info.Env(), [&] { return engine_->take(); });
    if (!block) return info.Env().Null();
    const size_t size = block->size();
    Lent* const lent = new Lent{block->detach()};
    const Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(
        info.Env(), lent->data, size,
        [](Napi::Env, void*, Lent* done) {
          std::free(done->data);
          delete done;
        },
        lent);
    // So that release() finds it: the finalizer above outlives this.
    napi_wrap(info.Env(), buffer, lent, nullptr, nullptr, nullptr);
    return buffer;
  }

  // Frees at once. Left to itself, Node would call the finalizer of a detached
  // buffer in a later turn of the event loop, hundreds of blocks later perhaps.
  void release(const Napi::CallbackInfo& info) {
    Napi::ArrayBuffer buffer = info[0].As<Napi::ArrayBuffer>();
    void* lent = nullptr;
    // Detached already: released before, or now in the hands of another thread.
    if (buffer.IsDetached() || napi_remove_wrap(info.Env(), buffer, &lent) != napi_ok) return;
    buffer.Detach();
    std::free(std::exchange(static_cast<Lent*>(lent)->data, nullptr));
  }

  Napi::Value stats(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const rtpsonde::EngineStats stats = guarded(env, [&] { return engine_->stats(); });
    tell_held(env, ring_bytes_ + stats.table_bytes);
    const Napi::Object result = Napi::Object::New(env);
    result.Set("counters", counters_array(env, stats.counters));
    const Napi::Array workers = Napi::Array::New(env, stats.workers.size());
    for (uint32_t i = 0; i < stats.workers.size(); i++) {
      const Napi::Object worker = Napi::Object::New(env);
      worker.Set("counters", counters_array(env, stats.workers[i].counters));
      worker.Set("cpuSeconds", stats.workers[i].cpu_seconds);
      workers.Set(i, worker);
    }
    result.Set("workers", workers);
    result.Set("queueDepth", static_cast<double>(stats.queue_depth));
    result.Set("cpuSeconds", stats.cpu_seconds);
    result.Set("bytesRead", static_cast<double>(stats.bytes_read));
    result.Set("bytesTotal", static_cast<double>(stats.bytes_total));
    result.Set("tableBytes", static_cast<double>(stats.table_bytes));
    result.Set("captureState", capture_state(stats.state));
    const Napi::Array interfaces = Napi::Array::New(env, stats.interfaces.size());
    for (uint32_t i = 0; i < stats.interfaces.size(); i++)
      interfaces.Set(i, interface_stats(env, stats.interfaces[i]));
    result.Set("interfaces", interfaces);
    result.Set("captureMethod", capture_method(stats.method));
    result.Set("ended", stats.ended);
    if (stats.error.empty()) {
      result.Set("error", env.Null());
    } else {
      const Napi::Object error = Napi::Object::New(env);
      error.Set("code", "ERR_ENGINE_FAULT");
      error.Set("message", stats.error);
      result.Set("error", error);
    }
    const Napi::Array problems = Napi::Array::New(env, stats.problems.size());
    for (size_t i = 0; i < stats.problems.size(); i++)
      problems.Set(static_cast<uint32_t>(i), stats.problems[i]);
    result.Set("problems", problems);
    return result;
  }

  void stop(const Napi::CallbackInfo&) { engine_->stop(); }

 private:
  // V8 sees a small object. What hangs on it tells it when to look for those that nobody holds.
  void tell_held(Napi::BasicEnv env, size_t bytes) {
    const int64_t held = static_cast<int64_t>(bytes);
    Napi::MemoryManagement::AdjustExternalMemory(env, held - std::exchange(told_bytes_, held));
  }

  static Napi::Float64Array counters_array(Napi::Env env, const rtpsonde::Counters& counters) {
    Napi::Float64Array array = Napi::Float64Array::New(env, rtpsonde::kCounterCount);
    for (size_t i = 0; i < rtpsonde::kCounterCount; i++) {
      array[i] = static_cast<double>(counters.values()[i]);
    }
    return array;
  }

  static Napi::Object interface_stats(Napi::Env env, const rtpsonde::SourceStats& stats) {
    const Napi::Object result = Napi::Object::New(env);
    const auto set = [&](const char* name, uint64_t value) { result.Set(name, static_cast<double>(value)); };
    result.Set("state", capture_state(stats.state));
    result.Set("method", capture_method(stats.method));
    set("kernelPackets", stats.kernel_packets);
    set("kernelDrops", stats.kernel_drops);
    set("kernelFreezes", stats.kernel_freezes);
    set("nicMissed", stats.before.nic_missed);
    set("nicDropped", stats.before.nic_dropped);
    set("nicErrors", stats.before.nic_errors);
    set("hardwareTimes", stats.hardware_times);
    set("kernelTimes", stats.kernel_times);
    set("readerTimes", stats.reader_times);
    set("timeSwitches", stats.time_switches);
    set("captureOutages", stats.outages);
    set("captureOutageMs", stats.outage_ms);
    return result;
  }

  std::unique_ptr<rtpsonde::Engine> engine_;
  size_t ring_bytes_ = 0;
  int64_t told_bytes_ = 0;
};

// One datagram to a Unix socket, for sd_notify(3): Node has no such socket. A
// name that begins with @ is abstract.
Napi::Value notify(const Napi::CallbackInfo& info) {
  const std::string path = info[0].ToString();
  const std::string message = info[1].ToString();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return Napi::Boolean::New(info.Env(), false);
  path.copy(address.sun_path, path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Napi::Boolean::New(info.Env(), false);
  const socklen_t length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const ssize_t sent = sendto(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                              reinterpret_cast<const sockaddr*>(&address), length);
  close(fd);
  return Napi::Boolean::New(info.Env(), sent == static_cast<ssize_t>(message.size()));
}

// Throws as the engine would for this filter on an interface (true) or on files.
void check_filter(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    const std::string expression = info[0].ToString();
    if (info[1].ToBoolean()) {
      rtpsonde::live_filter(expression, {});
    } else {
      rtpsonde::PacketFilter{expression};
    }
  });
}

// Sealed windows and the memory of lines are large, and come and go all the time. Left to itself, glibc
// soon keeps such pieces for later, and what lies between them cannot be given back to the system.
void give_large_pieces_back() {
#ifdef __GLIBC__
  constexpr int kLargeBytes = 512 * 1024;
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") == nullptr) ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
#endif
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  give_large_pieces_back();
  exports.Set("Engine", Engine::define(env));
  exports.Set("checkFilter", Napi::Function::New(env, check_filter, "checkFilter"));
  exports.Set("notify", Napi::Function::New(env, notify, "notify"));
  define_inspection(env, exports);
  define_lock_file(env, exports);
  define_bench(env, exports);
  exports.Set("layoutHash", Napi::Number::New(env, rtpsonde::kLayoutHash));
  return exports;
}

}  // namespace

NODE_API_MODULE(rtpsonde, init)
