# What `npm install` builds: the addon, from the one list native/sources.txt.
# native/CMakeLists.txt is the developers' build of the same sources; flags that
# can change a result (optimisation, contraction, CPU) are kept equal in both.
{
  "targets": [
    {
      "target_name": "rtpsonde",
      "sources": ["<!@(sed -e '/^#/d' -e '/^$/d' -e 's,^,native/,' native/sources.txt)"],
      "dependencies": ["<!(node -p \"require('node-addon-api').targets\"):node_addon_api_except"],
      "include_dirs": ["native"],
      "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_DISABLE_DEPRECATED", "NDEBUG"],
      "cflags!": ["-O3", "-Wno-unused-parameter"],
      "cflags": [
        "-O2", "-Wall", "-Wextra", "-Wno-missing-field-initializers",
        "-fno-strict-aliasing", "-ffp-contract=off", "-fvisibility=hidden"
      ],
      "cflags_cc!": ["-fno-rtti", "-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++20"],
      "libraries": ["-ldl"],
      "conditions": [
        ["target_arch=='x64'", { "cflags": ["-march=x86-64-v2"] }]
      ]
    }
  ]
}
