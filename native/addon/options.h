// Options of the engine as JavaScript gives them.
#pragma once

#include <napi.h>

#include "core/engine/options.h"

// Throws rtpsonde::Error ERR_ENGINE_OPTIONS.
rtpsonde::EngineOptions engine_options(const Napi::Object& object);
