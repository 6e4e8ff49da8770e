// What `rtpsonde bench-capture` needs beside the engine: a generator of traffic, the
// consumers it is compared with, and where threads run.
#pragma once

#include <napi.h>

// Adds BenchGenerator, BenchConsumer, threadCpus and setThreadCpus.
void define_bench(Napi::Env env, Napi::Object exports);
