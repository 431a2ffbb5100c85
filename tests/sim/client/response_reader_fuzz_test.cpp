#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "helpers/http_answers.hpp"
#include "helpers/mutate.hpp"
#include "sim/client/response_reader.hpp"

namespace troupe::sim {

namespace {

using tests::below;
using tests::mutate_bytes;
using tests::Random;

/// Pieces of HTTP that a client may trip over, put in wherever chance wants them.
const std::array<std::string_view, 24> answer_fragments{"\r\n",
                                                        "\r",
                                                        "\n",
                                                        "\r\n\r\n",
                                                        "\n\n",
                                                        " ",
                                                        "\t",
                                                        ":",
                                                        ",",
                                                        ";",
                                                        "\"",
                                                        "0",
                                                        "0\r\n",
                                                        "-1",
                                                        "ffffffffffffffff",
                                                        "HTTP/1.1 ",
                                                        "HTTP/1.1 100 Continue\r\n\r\n",
                                                        "HTTP/1.1 204 No Content\r\n",
                                                        "Content-Length: 3\r\n",
                                                        "Transfer-Encoding: chunked\r\n",
                                                        "Connection: close\r\n",
                                                        "Set-Cookie: a=b\r\n",
                                                        " folded\r\n",
                                                        std::string_view("\0", 1)};

/// Everything that a client learns of an answer.
struct Learned {
  std::string end{};  ///< "done", "more", or why it failed
  std::size_t used = 0;
  int status = 0;
  bool keeps = false, cut = false;
  std::uint64_t body_bytes = 0;
  std::string body{}, fields{}, location{};
  std::vector<std::string> cookies{};
  bool operator==(const Learned&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Learned& learned) {
  return out << learned.end << ", " << learned.used << " bytes, status " << learned.status << ", body of "
             << learned.body_bytes << ": " << learned.body << ", fields " << learned.fields;
}

/// Reads an answer in pieces of the sizes that `next_size` says, and then the connection's end.
/// One reader reads them all, as one does for all requests of a user.
Learned learn(std::string_view bytes, const ResponseReader::Wanted& wanted,
              const std::function<std::size_t()>& next_size) {
  static ResponseReader reader;
  reader.begin(wanted);
  Learned out;
  for (auto rest = bytes; !rest.empty() && !reader.is_done() && !reader.has_failed();) {
    // A buffer of the piece's own size: what is read beyond it, a sanitizer sees.
    const std::string piece(rest.substr(0, std::max<std::size_t>(next_size(), 1)));
    const auto used = reader.take(piece);
    // It may leave bytes only because it knows enough.
    const bool knows_enough = reader.is_done() || reader.has_failed();
    if (used > piece.size() || (!knows_enough && used != piece.size()))
      FAIL(used << " bytes taken of " << piece.size());
    out.used += used;
    rest.remove_prefix(piece.size());
  }
  if (!reader.is_done() && !reader.has_failed()) reader.take_end();
  REQUIRE(reader.body().size() <= ResponseReader::most_kept_body);
  REQUIRE(reader.fields().size() <= ResponseReader::most_head);
  if (reader.has_failed()) {
    out = {.end = std::string(reader.fault())};  // how many bytes it saw of that is nobody's business
    REQUIRE_FALSE(out.end.empty());
  } else if (!reader.is_done()) {
    out.end = "more";
  } else {
    const auto& head = reader.head();
    out = {.end = "done",
           .used = out.used,
           .status = head.status,
           .keeps = reader.keeps_connection(),
           .cut = reader.body_is_cut(),
           .body_bytes = reader.body_bytes(),
           .body = reader.body(),
           .fields = reader.fields(),
           .location = head.location,
           .cookies = head.cookies};
  }
  return out;
}

struct Ends {
  int done = 0, failed = 0, more = 0;
};

/// Reads the answer at once, byte by byte and in pieces by chance, which must all come to the same.
void read_in_every_way(const std::string& bytes, const ResponseReader::Wanted& wanted, Random& random,
                       Ends& ends) {
  const auto whole = learn(bytes, wanted, [&] { return bytes.size(); });
  const auto by_bytes = learn(bytes, wanted, [] { return 1; });
  const auto seed = random();
  Random sizes(seed);
  const auto in_pieces = learn(bytes, wanted, [&sizes] { return below(sizes, 40); });
  if (by_bytes != whole || in_pieces != whole) {
    INFO("answer of " << bytes.size() << " bytes: " << bytes << "\npieces by " << seed);
    REQUIRE(by_bytes == whole);
    REQUIRE(in_pieces == whole);
  }
  ++(whole.end == "done" ? ends.done : whole.end == "more" ? ends.more : ends.failed);
}

void try_mutated_answers(int rounds, unsigned seed) {
  Random random(seed);
  Ends ends;
  for (const auto& answer : tests::http_answers()) {
    if (answer.bytes.size() > 4'000) continue;  // the limits have tests of their own
    CAPTURE(answer.what);
    for (int round = 0; round < rounds; ++round) {
      auto bytes = answer.bytes;
      for (auto mutations = below(random, 4); mutations > 0; --mutations)
        mutate_bytes(bytes, answer_fragments, random);
      const ResponseReader::Wanted wanted{
          .to_head = std::strcmp(answer.method, "HEAD") == 0, .fields = true, .body = below(random, 4) != 0};
      read_in_every_way(bytes, wanted, random, ends);
    }
  }
  // Every end must be met often, or the mutations test nothing.
  CHECK(ends.done > 5 * rounds);
  CHECK(ends.failed > 5 * rounds);
  CHECK(ends.more > rounds);
}

void try_random_answers(int rounds, unsigned seed) {
  Random random(seed);
  Ends ends;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    // Half of them begin as an answer does, so that more than the first line is met.
    std::string bytes = round % 2 == 0 ? "" : "HTTP/1.1 200 OK\r\n";
    for (auto pieces = below(random, 30); pieces > 0; --pieces) {
      if (below(random, 3) == 0) {
        bytes += static_cast<char>(below(random, 256));
      } else {
        bytes += answer_fragments[below(random, answer_fragments.size())];
      }
    }
    read_in_every_way(bytes, {.fields = true, .body = true}, random, ends);
  }
  CHECK(ends.failed > rounds / 4);
}

}  // namespace

TEST_CASE("However a mutated answer is split, a client learns the same of it") {
  try_mutated_answers(200, 1);
}

TEST_CASE(
    "However random bytes are split, a client learns the same of them, and takes no more than there is") {
  try_random_answers(10'000, 1);
}

TEST_CASE("Mutated and random answers, for as long as a night allows", "[.][nightly]") {
  const auto seed = GENERATE(range(2u, 7u));
  try_mutated_answers(10'000, seed);
  try_random_answers(200'000, seed);
}

}  // namespace troupe::sim
