// libpcap, loaded at run time: neither building nor running needs it where nothing of it is
// used. Whoever does declares the functions it calls, which have been the same since libpcap 1.5.
#pragma once

#include <dlfcn.h>

#include <string>
#include <vector>

namespace rtpsonde {

// Names to look for, in order; the second is Debian's.
inline const std::vector<std::string> kLibpcapNames = {"libpcap.so.1", "libpcap.so.0.8"};

// The first of `names` that can be loaded, null when none can. Stays loaded: what it keeps for
// host names and grammar must not be pulled from under it.
inline void* load_libpcap(const std::vector<std::string>& names = kLibpcapNames) {
  for (const std::string& name : names) {
    if (void* const library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  }
  return nullptr;
}

// Finds a function of the library; false when it has none of that name.
template <typename Function>
bool find_function(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace rtpsonde
