// What a G.711 code says of power: a table for each law, made from the decoding rules,
// of the square of the decoded sample.
#pragma once

#include <array>
#include <cstdint>

namespace rtpsonde {

enum class G711Law : uint8_t { kMuLaw, kALaw };

// The magnitude of a decoded sample, in the units of ITU-T G.711: 0..8031 of 8159 by
// the mu-law (Table 2), 1..4032 of 4096 by the A-law (Table 1). A code on the wire is
//
//    7   6 5 4     3 2 1 0
//   +---+-------+---------+
//   | S |segment|interval |
//   +---+-------+---------+
//
// with all bits inverted by the mu-law and the even ones by the A-law.
constexpr uint32_t g711_magnitude(uint8_t code, G711Law law) {
  const uint32_t bits = law == G711Law::kMuLaw ? static_cast<uint8_t>(~code) : code ^ 0x55U;
  const uint32_t segment = bits >> 4 & 7;
  const uint32_t interval = bits & 15;
  if (law == G711Law::kMuLaw) return ((2 * interval + 33) << segment) - 33;
  return segment == 0 ? 2 * interval + 1 : (2 * interval + 33) << (segment - 1);
}

using G711Squares = std::array<uint32_t, 256>;

constexpr G711Squares g711_squares_of(G711Law law) {
  G711Squares squares{};
  for (uint32_t code = 0; code < squares.size(); code++) {
    const uint32_t magnitude = g711_magnitude(static_cast<uint8_t>(code), law);
    squares[code] = magnitude * magnitude;
  }
  return squares;
}

inline constexpr G711Squares kMuLawSquares = g711_squares_of(G711Law::kMuLaw);
inline constexpr G711Squares kALawSquares = g711_squares_of(G711Law::kALaw);

constexpr const G711Squares& g711_squares(G711Law law) {
  return law == G711Law::kMuLaw ? kMuLawSquares : kALawSquares;
}

// The mean square of 0 dBm0, which is 1 mW at the reference point (G.711 5): a sine that
// reaches the end of the scale is +3.17 dBm0 by the mu-law and +3.14 dBm0 by the A-law.
//   8159^2 / 2 / 10^0.317 and 4096^2 / 2 / 10^0.314
constexpr double kMuLawMilliwatt = 33284640.5 / 2.0749135;
constexpr double kALawMilliwatt = 8388608.0 / 2.0606299;

constexpr double g711_milliwatt(G711Law law) {
  return law == G711Law::kMuLaw ? kMuLawMilliwatt : kALawMilliwatt;
}

// The seven low bits of the two codes of the largest magnitude.
constexpr uint8_t g711_largest_code(G711Law law) { return law == G711Law::kMuLaw ? 0x00 : 0x2a; }

}  // namespace rtpsonde
