#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "helpers/file_size_limit.hpp"
#include "helpers/folder.hpp"
#include "helpers/sweep_recorded.hpp"
#include "report/struct_json.hpp"
#include "sweep/records/record_fields.hpp"
#include "sweep/records/record_file.hpp"

using namespace troupe::sweep;
using namespace troupe::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// The first record: { schema, version, info }.
struct Header {
  SweepInfo info;
};

template <class Visitor, Is<Header> S>
void visit_fields(Visitor& visit, S& s) {
  visit("info", s.info);
}

json::value tree(const Sweep& sweep) {
  json::array repeats;
  for (const auto& repeat : sweep.repeats) repeats.push_back(troupe::report::tree_of(repeat));
  return {troupe::report::tree_of(sweep.info), std::move(repeats)};
}

/// Records a sweep of some repeats in a new directory.
fs::path recorded(const Folder& folder, std::uint64_t repeats) {
  const auto directory = folder / "sweep";
  fs::remove_all(directory);
  auto file = RecordFile::create(directory, sample_sweep_info());
  REQUIRE(file.has_value());
  for (std::uint64_t i = 0; i < repeats; ++i) REQUIRE(file->append(sample_repeat(i)).has_value());
  return directory;
}

std::string error_of(const fs::path& path) {
  const auto read = read_sweep(path);
  REQUIRE(read.has_error());
  CHECK(read.error().message.find('\n') == std::string::npos);
  return read.error().message;
}

}  // namespace

TEST_CASE("a sweep comes back as it was recorded, from its directory and from its file") {
  const Folder folder("record_file");
  const auto directory = recorded(folder, 3);
  const auto sweep = read_sweep(directory);
  REQUIRE(sweep.has_value());
  CHECK(tree(*sweep) == tree({sample_sweep_info(), {sample_repeat(0), sample_repeat(1), sample_repeat(2)}}));
  const auto from_file = read_sweep(directory / "records.msgpack");
  REQUIRE(from_file.has_value());
  CHECK(tree(*from_file) == tree(*sweep));
}

TEST_CASE("a sweep without a repeat is a sweep") {
  const Folder folder("record_file");
  const auto sweep = read_sweep(recorded(folder, 0));
  REQUIRE(sweep.has_value());
  CHECK(sweep->repeats.empty());
  CHECK(sweep->info.test_bed.notes == std::vector<std::string>{"a note"});
}

TEST_CASE(
    "a crash at any byte of a record loses that record only, and the sweep goes on behind the last whole "
    "one") {
  const Folder folder("record_file");
  const auto one = content_of(recorded(folder, 1) / "records.msgpack");
  const auto directory = recorded(folder, 2);
  const auto path = directory / "records.msgpack";
  const auto two = content_of(path);
  REQUIRE(two.size() > one.size());
  for (auto length = one.size() + 1; length < two.size(); ++length) {
    CAPTURE(length);
    write_content(path, two.substr(0, length));
    const auto read = read_sweep(directory);
    REQUIRE(read.has_value());
    REQUIRE(read->repeats.size() == 1);
    REQUIRE_THAT(read->info.test_bed.notes.back(), Catch::Contains("record is cut off"));
    REQUIRE(content_of(path).size() == length);  // reading changes nothing
    auto resumed = RecordFile::resume(directory);
    REQUIRE(resumed.has_value());
    REQUIRE(resumed->sweep.repeats.size() == 1);
    REQUIRE_THAT(resumed->sweep.info.test_bed.notes.back(), Catch::Contains("was dropped"));
    REQUIRE(content_of(path) == one);
    REQUIRE(resumed->file.append(sample_repeat(1)).has_value());
    REQUIRE(content_of(path) == two);
  }
}

TEST_CASE("a whole file is resumed without a loss") {
  const Folder folder("record_file");
  const auto directory = recorded(folder, 2);
  auto resumed = RecordFile::resume(directory);
  REQUIRE(resumed.has_value());
  CHECK(resumed->sweep.repeats.size() == 2);
  CHECK(resumed->sweep.info.test_bed.notes == std::vector<std::string>{"a note"});
  REQUIRE(resumed->file.append(sample_repeat(2)).has_value());
  CHECK(read_sweep(directory)->repeats.size() == 3);
}

TEST_CASE("a crash within the first record leaves nothing to go on from") {
  const Folder folder("record_file");
  const auto directory = recorded(folder, 0);
  const auto path = directory / "records.msgpack";
  const auto whole = content_of(path);
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    CAPTURE(length);
    write_content(path, whole.substr(0, length));
    REQUIRE_THAT(error_of(directory), length == 0 ? Catch::EndsWith("is empty: no sweep was recorded")
                                                  : Catch::EndsWith("it ends within its first record"));
    REQUIRE(RecordFile::resume(directory).has_error());
    REQUIRE(content_of(path).size() == length);
  }
}

TEST_CASE("a damaged record is told with the byte where it begins, and resuming leaves the file alone") {
  const Folder folder("record_file");
  const auto begin = content_of(recorded(folder, 1) / "records.msgpack").size();
  const auto directory = recorded(folder, 3);
  const auto path = directory / "records.msgpack";
  auto bytes = content_of(path);
  SECTION("by what no MessagePack has") {
    bytes[begin + 8] = '\xc1';
  }
  SECTION("by a number where a map must be") {
    bytes[begin] = 0;
  }
  SECTION("by zeros") {
    bytes.replace(begin, 400, 400, '\0');
  }
  SECTION("by an array that promises more than there is") {
    bytes.replace(begin, 5, "\xdd\xff\xff\xff\xff");
  }
  SECTION("by a length that swallows what follows") {
    bytes.replace(begin, 3, "\xda\xff\xff");
  }
  SECTION("by a missing piece") {
    bytes.erase(begin + 30, 20);
  }
  SECTION("by a wrong name") {
    bytes[bytes.find("round", begin)] = 'x';
  }
  write_content(path, bytes);
  CHECK_THAT(error_of(directory), Catch::Contains("is damaged: the record at byte " + std::to_string(begin)));
  CHECK(RecordFile::resume(directory).has_error());
  CHECK(content_of(path) == bytes);
}

TEST_CASE("what is no sweep is refused in one line that says why") {
  const Folder folder("record_file");
  const auto file = folder / "file";
  SECTION("a directory without records") {
    CHECK(error_of(folder.path()) == folder.path().string() + " is not a sweep: it has no records.msgpack");
  }
  SECTION("nothing there") {
    CHECK_THAT(error_of(folder / "absent"), Catch::EndsWith("it does not exist"));
  }
  SECTION("no regular file") {
    CHECK_THAT(error_of("/dev/null"), Catch::Contains("neither a directory nor a file"));
  }
  SECTION("a directory of that name") {
    fs::create_directories(folder / "records.msgpack");
    CHECK_THAT(error_of(folder.path()), Catch::EndsWith("it is not a regular file"));
  }
  SECTION("other contents") {
    const std::string content = GENERATE(as<std::string>{}, "hello", "{\"schema\":\"troupe.run\"}", "\x80",
                                         "\xc1", "\x81\xa6schema\xaatroupe.run", std::string(1000, '\x91'));
    write_content(file, content);
    CHECK_THAT(error_of(file), Catch::StartsWith(file.string() + " is not a sweep's record file: "));
  }
  SECTION("a file larger than any sweep") {
    write_content(file, "x");
    fs::resize_file(file, std::uintmax_t{1} << 40);  // sparse: takes no room
    CHECK_THAT(error_of(file), Catch::EndsWith("it is larger than 512 MiB"));
  }
}

TEST_CASE("another schema version is told with both versions and what to do") {
  const Folder folder("record_file");
  const auto directory = recorded(folder, 0);
  const auto path = directory / "records.msgpack";
  auto header = troupe::report::tree_from_msgpack(content_of(path)).value();
  header.at("version") = 3;
  write_content(path, troupe::report::msgpack_bytes(header));
  CHECK(error_of(directory) ==
        path.string() +
            ": it has schema version 3, this program reads version 2: use the troupe that "
            "wrote it, or run the sweep again");
}

TEST_CASE("a directory with something in it is left alone") {
  const Folder folder("record_file");
  write_content(folder / "mine.txt", "precious");
  const auto file = RecordFile::create(folder.path(), {});
  REQUIRE(file.has_error());
  CHECK(file.error().message ==
        folder.path().string() +
            " is not empty: choose another directory with --out, or continue its sweep with --resume");
  CHECK(fs::exists(folder / "mine.txt"));
  CHECK_FALSE(fs::exists(folder / "records.msgpack"));
}

TEST_CASE("a directory that cannot be made is told") {
  const Folder folder("record_file");
  write_content(folder / "file", "");
  const auto file = RecordFile::create(folder / "file" / "sweep", {});
  REQUIRE(file.has_error());
  CHECK_THAT(file.error().message, Catch::Contains("Not a directory"));
}

TEST_CASE("two sweeps cannot write to one directory") {
  const Folder folder("record_file");
  {
    const auto first = RecordFile::create(folder / "sweep", sample_sweep_info());
    REQUIRE(first.has_value());
    const auto second = RecordFile::resume(folder / "sweep");
    REQUIRE(second.has_error());
    CHECK(second.error().message ==
          (folder / "sweep").string() +
              " is in use by another troupe sweep: wait until it has ended, or stop it");
    CHECK(read_sweep(folder / "sweep").has_value());  // reading is free
  }
  CHECK(RecordFile::resume(folder / "sweep").has_value());
}

TEST_CASE("a full disk is told, and what was recorded before stays whole") {
  const Folder folder("record_file");
  const auto directory = folder / "sweep";
  auto file = RecordFile::create(directory, sample_sweep_info());
  REQUIRE(file.has_value());
  REQUIRE(file->append(sample_repeat(0)).has_value());
  const auto before = content_of(directory / "records.msgpack");
  {
    const FileSizeLimit limit(before.size() + 100);
    const auto appended = file->append(sample_repeat(1));
    REQUIRE(appended.has_error());
    CHECK_THAT(appended.error().message,
               Catch::StartsWith("cannot write " + (directory / "records.msgpack").string()));
  }
  CHECK(content_of(directory / "records.msgpack") == before);
  REQUIRE(file->append(sample_repeat(1)).has_value());
  CHECK(read_sweep(directory)->repeats.size() == 2);
}

TEST_CASE("a disk too full for the plan leaves the directory as it was") {
  const Folder folder("record_file");
  {
    const FileSizeLimit limit(10);
    REQUIRE(RecordFile::create(folder.path(), sample_sweep_info()).has_error());
  }
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("records of version 1 are read with a note, and not gone on with") {
  const Folder folder("record_file");
  const auto directory = recorded(folder, 0);
  auto header = troupe::report::tree_of(troupe::report::Schema{schema_name, 1}, Header{sample_sweep_info()});
  auto& info = header.at("info").as_object();
  info.erase("load_options");
  info.erase("goal");
  info.at("environment").as_object().erase("inputs");
  json::object repeat = troupe::report::tree_of(sample_repeat(0));
  for (const auto* name :
       {"failure", "offered_per_s", "troupe_cpu", "postgresql_cpu", "others_cpu", "stolen_cpu", "disturbed"})
    repeat.erase(name);
  std::ofstream(directory / "records.msgpack", std::ios::binary)
      << troupe::report::msgpack_bytes(header) << troupe::report::msgpack_bytes(repeat);
  const auto sweep = read_sweep(directory);
  REQUIRE(sweep.has_value());
  REQUIRE(sweep->repeats.size() == 1);
  CHECK(sweep->repeats[0].rate_per_s == sample_repeat(0).rate_per_s);
  CHECK_THAT(sweep->info.test_bed.notes.back(), Catch::Contains("version 1"));
  const auto resumed = RecordFile::resume(directory);
  REQUIRE(resumed.has_error());
  CHECK_THAT(resumed.error().message, Catch::Contains("begin a new sweep"));
}
