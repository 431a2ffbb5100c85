#include "fuzz/fuzz_target.hpp"
#include "helpers/query_text_properties.hpp"

namespace troupe::fuzz {
namespace {

const Register query_text_target(
    {"query_text",
     [](std::string_view input) { return tests::broken_query_text_property(input); },
     {"'",  "\"", "$a$", "$$", "--", "/*", "*/",  ":a", "::", ":=",     "E'",   "U&\"", "U&'",
      "\n", "\r", "\\",  "''", "$1", "N'", ":b1", "!=", "=-", "1.5e+3", "1..2", ";",    "SELECT "}});

}  // namespace
}  // namespace troupe::fuzz
