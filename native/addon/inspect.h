// What `rtpsonde doctor` asks of the kernel that Node cannot: ethtool, the clock,
// whether a packet socket may be opened, and a short census of frames.
#pragma once

#include <napi.h>

// Adds inspectInterface, inspectClock, tryPacketSocket and takeCensus.
void define_inspection(Napi::Env env, Napi::Object exports);
