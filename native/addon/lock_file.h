// A lock that ends with its process, however that ends. Node has none.
#pragma once

#include <napi.h>

// Adds lockFile(path): number. Creates the file if need be and locks it (flock(2)): the descriptor, to
// be closed by whoever wants to let go; -1 when another process has it. Throws errors as the system has them.
void define_lock_file(Napi::Env env, Napi::Object exports);
