#include "sweep/records/record_file.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "report/struct_json.hpp"
#include "support/conninfo_secrets.hpp"
#include "sweep/records/record_fields.hpp"

namespace troupe::sweep {
namespace {

namespace fs = std::filesystem;

constexpr report::Schema sweep_format{schema_name, schema_version};

// What a file may ask of our memory. A repeat takes 1 to 2 kB, so these are far beyond any sweep that ends.
constexpr std::size_t most_record_bytes = 256 * 1024;
constexpr std::uintmax_t most_file_bytes = 512 * 1024 * 1024;

/// The first record, as visit_fields sees it: { schema, version, info }.
struct Header {
  SweepInfo info;
};

template <class Visitor, Is<Header> S>
void visit_fields(Visitor& visit, S& s) {
  visit("info", s.info);
}

Error fault(ErrorCode code, const fs::path& path, std::string_view what) {
  return {code, fmt::format("{}{}", without_password(path.string()), what)};
}

Error system_fault(const fs::path& path, std::string_view doing, int error_number) {
  return {ErrorCode::io, fmt::format("cannot {} {}: {}", doing, path.string(),
                                     std::generic_category().message(error_number))};
}

/// The bytes that every repeat's record begins with.
std::string_view repeat_mark() {
  static const std::string mark = report::msgpack_bytes(report::tree_of(Repeat{})).substr(0, 8);
  return mark;
}

struct Recorded {
  Sweep sweep;
  std::uint64_t whole_bytes = 0;  ///< where a torn last record begins, else the end
  bool torn = false;
  bool old = false;  ///< of version 1
};

/// Reads the records of `path`, whose content is `bytes`.
// What version 2 wants of the first record, made of a version 1, with a note of what its figures mean.
void upgrade_header(boost::json::object& header) {
  namespace json = boost::json;
  header["version"] = schema_version;
  auto* info = header.if_contains("info");
  if (info == nullptr || !info->is_object()) return;
  auto& object = info->get_object();
  object.emplace("load_options", json::object{});
  object.emplace("goal", nullptr);
  auto* environment = object.if_contains("environment");
  if (environment == nullptr || !environment->is_object()) return;
  environment->get_object().emplace("inputs", json::object{});
  if (auto* notes = environment->get_object().if_contains("notes"); notes && notes->is_array()) {
    notes->get_array().push_back(
        "recorded by version 1: its latencies are of good and failed requests together");
  }
}

void upgrade_repeat(boost::json::value& tree) {
  auto* repeat = tree.if_object();
  if (repeat == nullptr) return;
  repeat->emplace("failure", "");
  repeat->emplace("offered_per_s", 0);
  for (const auto* name : {"troupe_cpu", "postgresql_cpu", "others_cpu", "stolen_cpu"})
    repeat->emplace(name, nullptr);
  repeat->emplace("disturbed", false);
}

class RecordReader {
 public:
  RecordReader(const fs::path& path, std::string_view bytes) : path_(path), bytes_(bytes) {}

  Result<Recorded> read() {
    if (bytes_.empty()) return fault(ErrorCode::invalid_argument, path_, " is empty: no sweep was recorded");
    Recorded out;
    auto header = next();
    if (!header) return not_a_sweep(header.error().message);
    if (!*header) return not_a_sweep("it ends within its first record");
    if (auto info = info_of((*header)->tree); info) {
      out.sweep.info = std::move(*info);
    } else {
      return info.error();
    }
    take((*header)->length);
    while (!rest().empty()) {
      auto record = next();
      if (!record) return damaged(record.error().message);
      if (!*record) {
        if (another_begins()) return damaged("it is cut off, yet others follow");
        out.torn = true;
        break;
      }
      if (old_) upgrade_repeat((*record)->tree);
      auto repeat = report::value_of<Repeat>((*record)->tree);
      if (!repeat) return damaged(repeat.error().message);
      out.sweep.repeats.push_back(std::move(*repeat));
      take((*record)->length);
    }
    out.whole_bytes = offset_;
    out.old = old_;
    return out;
  }

 private:
  std::string_view rest() const { return bytes_.substr(offset_); }
  void take(std::size_t length) { offset_ += length; }

  /// Nothing: the file ends before the record does.
  Result<std::optional<report::FirstTree>> next() const {
    auto first = report::first_tree_from_msgpack(rest().substr(0, most_record_bytes), most_record_bytes);
    if (first && !*first && rest().size() > most_record_bytes)
      return Error{ErrorCode::invalid_argument, "it is longer than a record can be"};
    return first;
  }

  /// A torn record is the last one. When another begins behind it, it is its length that is damaged.
  bool another_begins() const { return rest().find(repeat_mark(), 1) != std::string_view::npos; }

  Result<SweepInfo> info_of(boost::json::value& tree) {
    if (const auto* object = tree.if_object(); !object || !object->contains("schema"))
      return not_a_sweep(fmt::format("its schema is not '{}'", sweep_format.name));
    old_ = report::check_schema(tree, report::Schema{schema_name, 1}).has_value();
    if (old_) upgrade_header(tree.get_object());
    if (const auto known = report::check_schema(tree, sweep_format); !known) {
      if (tree.at("schema") != boost::json::value(sweep_format.name))
        return not_a_sweep(known.error().message);
      return fault(
          ErrorCode::invalid_argument, path_,
          fmt::format(": {}: use the troupe that wrote it, or run the sweep again", known.error().message));
    }
    auto header = report::value_of<Header>(tree);
    if (!header) return damaged(header.error().message);
    return std::move(header->info);
  }

  Error not_a_sweep(std::string_view why) const {
    return fault(ErrorCode::invalid_argument, path_, fmt::format(" is not a sweep's record file: {}", why));
  }
  Error damaged(std::string_view why) const {
    return fault(ErrorCode::invalid_argument, path_,
                 fmt::format(" is damaged: the record at byte {} is not valid: {}", offset_, why));
  }

  const fs::path& path_;
  std::string_view bytes_;
  std::size_t offset_ = 0;
  bool old_ = false;  ///< of version 1
};

Result<std::string> content_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return system_fault(path, "read", error.value());
  if (size > most_file_bytes) {
    return fault(
        ErrorCode::invalid_argument, path,
        fmt::format(" is not a sweep's record file: it is larger than {} MiB", most_file_bytes >> 20));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return system_fault(path, "read", errno);
  std::string bytes(size, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(in.gcount()));  // it may have been cut off meanwhile
  return bytes;
}

Result<Recorded> read_records(const fs::path& path) {
  const auto bytes = content_of(path);
  if (!bytes) return bytes.error();
  return RecordReader(path, *bytes).read();
}

/// The record file of a directory, or the file itself.
Result<fs::path> find_record_file(const fs::path& given) {
  std::error_code error;
  const auto status = fs::status(given, error);
  if (!fs::exists(status)) {
    if (error && status.type() != fs::file_type::not_found) return system_fault(given, "read", error.value());
    return fault(ErrorCode::invalid_argument, given, " is not a sweep: it does not exist");
  }
  if (!fs::is_directory(status)) {
    if (fs::is_regular_file(status)) return given;
    return fault(ErrorCode::invalid_argument, given, " is not a sweep: it is neither a directory nor a file");
  }
  auto file = given / record_file_name;
  const auto file_status = fs::status(file, error);
  if (!fs::exists(file_status)) {
    if (error && file_status.type() != fs::file_type::not_found)
      return system_fault(file, "read", error.value());
    return fault(ErrorCode::invalid_argument, given,
                 fmt::format(" is not a sweep: it has no {}", record_file_name));
  }
  if (!fs::is_regular_file(file_status))
    return fault(ErrorCode::invalid_argument, file,
                 " is not a sweep's record file: it is not a regular file");
  return file;
}

/// Without this a new file's name may be lost in a crash, though its content was synced.
Result<void> sync_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_fault(directory, "open", errno);
  const bool synced = ::fsync(descriptor) == 0;
  const int error_number = errno;
  ::close(descriptor);
  if (!synced) return system_fault(directory, "sync", error_number);
  return {};
}

}  // namespace

Result<void> make_empty_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return system_fault(directory, "make the directory", error.value());
  const bool empty = fs::is_empty(directory, error);
  if (error) return system_fault(directory, "read", error.value());
  if (!empty) {
    return fault(ErrorCode::invalid_argument, directory,
                 " is not empty: choose another directory with --out, or continue its sweep with --resume");
  }
  return {};
}

RecordFile::RecordFile(fs::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

RecordFile::RecordFile(RecordFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

RecordFile& RecordFile::operator=(RecordFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

RecordFile::~RecordFile() {
  if (descriptor_ >= 0) ::close(descriptor_);  // nothing is unwritten: every record was synced
}

Result<RecordFile> RecordFile::create(const fs::path& directory, const SweepInfo& info) {
  if (const auto made = make_empty_directory(directory); !made) return made.error();
  const auto path = directory / record_file_name;
  // O_EXCL: of two sweeps that begin in one directory at once, one makes the file.
  RecordFile file(path, ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.descriptor_ < 0) return file.failure(errno);
  if (const auto locked = file.lock(); !locked) return locked.error();
  const auto header = report::msgpack_bytes(report::tree_of(sweep_format, Header{info}));
  if (const auto written = file.write_record(header); !written) {
    ::unlink(path.c_str());  // so that the directory can be used again
    return written.error();
  }
  if (const auto synced = sync_directory(directory); !synced) return synced.error();
  return file;
}

Result<RecordFile::Resumed> RecordFile::resume(const fs::path& directory) {
  const auto path = find_record_file(directory);
  if (!path) return path.error();
  RecordFile file(*path, ::open(path->c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (file.descriptor_ < 0) return file.failure(errno);
  // Locked before it is read: what another process is writing would look torn.
  if (const auto locked = file.lock(); !locked) return locked.error();
  auto recorded = read_records(*path);
  if (!recorded) return recorded.error();
  if (recorded->old) {
    return fault(ErrorCode::invalid_argument, *path,
                 ": it was begun by an older troupe, whose figures mean something else: begin a new sweep");
  }
  if (recorded->torn) {
    recorded->sweep.info.test_bed.notes.push_back(
        "a repeat whose record a crash had cut off was dropped when the sweep went on");
  }
  file.size_ = recorded->whole_bytes;
  if (::ftruncate(file.descriptor_, static_cast<off_t>(file.size_)) != 0) return file.failure(errno);
  return Resumed{std::move(file), std::move(recorded->sweep)};
}

Result<void> RecordFile::append(const Repeat& repeat) {
  return write_record(report::msgpack_bytes(report::tree_of(repeat)));
}

Result<void> RecordFile::lock() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return failure(errno);
  return fault(ErrorCode::io, path_.parent_path(),
               " is in use by another troupe sweep: wait until it has ended, or stop it");
}

Result<void> RecordFile::write_record(std::string_view bytes) {
  if (bytes.size() > most_record_bytes) {
    return fault(
        ErrorCode::invalid_argument, path_,
        fmt::format(": a record of {} bytes is more than it can hold ({})", bytes.size(), most_record_bytes));
  }
  int error_number = 0;
  for (auto rest = bytes; !rest.empty() && error_number == 0;) {  // once round, unless the disk is full
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_number = errno;
    }
  }
  if (error_number == 0 && ::fsync(descriptor_) != 0) error_number = errno;
  if (error_number == 0) {
    size_ += bytes.size();
    return {};
  }
  auto error = failure(error_number);
  if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0)
    error.message += "; its last record is torn, which --resume repairs";
  return error;
}

Error RecordFile::failure(int error_number) const {
  return system_fault(path_, "write", error_number);
}

bool is_sweep(const std::filesystem::path& path) {
  std::error_code error;  // what is not there is reported by the reader
  return std::filesystem::is_directory(path, error) || path.filename() == record_file_name;
}

Result<Sweep> read_sweep(const fs::path& directory_or_file) {
  const auto path = find_record_file(directory_or_file);
  if (!path) return path.error();
  auto recorded = read_records(*path);
  if (!recorded) return recorded.error();
  if (recorded->torn) {
    recorded->sweep.info.test_bed.notes.push_back(
        "the last repeat's record is cut off (a crash, or the sweep still runs) and is left out");
  }
  return std::move(recorded->sweep);
}

}  // namespace troupe::sweep
