#include "sweep/run/command_log.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "schema/text.hpp"
#include "support/text_width.hpp"

namespace troupe::sweep {
namespace {

using postgres::FileDescriptor;

// What is written in between is over the limit for so long.
constexpr std::chrono::milliseconds look_every{50};
constexpr std::size_t told_lines = 3, most_told_bytes = 400;

Error write_fault(const std::filesystem::path& path) {
  return {ErrorCode::io,
          fmt::format("cannot write {}: {}", path.string(), std::generic_category().message(errno))};
}

off_t size_of(const FileDescriptor& file) {
  struct stat facts {};
  return ::fstat(file.get(), &facts) == 0 ? facts.st_size : 0;
}

std::string read_part(const FileDescriptor& file, off_t from, off_t end) {
  std::string text(static_cast<std::size_t>(std::max<off_t>(end - from, 0)), '\0');
  const auto got = ::pread(file.get(), text.data(), text.size(), from);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace

Result<std::unique_ptr<CommandLog>> CommandLog::open(const std::filesystem::path& path, std::uint64_t limit) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return write_fault(path);
  return std::unique_ptr<CommandLog>(new CommandLog(path, std::move(file), limit));
}

CommandLog::CommandLog(std::filesystem::path path, FileDescriptor file, std::uint64_t limit)
    : path_(std::move(path)),
      file_(std::move(file)),
      limit_(static_cast<off_t>(limit)),
      begin_(size_of(file_)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

CommandLog::~CommandLog() = default;

Result<void> CommandLog::begin(std::string_view flag, std::string_view command) {
  const std::lock_guard lock(mutex_);
  shorten();
  const auto heading = fmt::format("# {}: {}\n", flag, command);
  if (::write(file_.get(), heading.data(), heading.size()) < 0) return write_fault(path_);
  begin_ = size_of(file_);
  left_out_ = told_bytes_ = 0;
  return {};
}

void CommandLog::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  do {
    shorten();
  } while (!woken_.wait_for(lock, stop, look_every, [&] { return stop.stop_requested(); }));
  shorten();
}

/// Cuts the part out that is between the first half of the limit and its last quarter: so it is called for
/// once in a quarter of the limit and not for each line. Who writes appends, and goes on behind the new end.
void CommandLog::shorten() {
  const auto size = size_of(file_);
  if (size - begin_ <= limit_) return;
  const auto cut = begin_ + limit_ / 2;
  const auto tail = read_part(file_, size - limit_ / 4, size);
  // With what came while the end was read, and is lost.
  left_out_ += size_of(file_) - static_cast<off_t>(tail.size()) - cut - told_bytes_;
  if (::ftruncate(file_.get(), cut) != 0) return;
  const auto told = fmt::format("\n[{} bytes are left out here: --before-output]\n", left_out_);
  told_bytes_ = static_cast<off_t>(told.size());
  const auto end = told + tail;
  // A full disk: what is lost is of a log that was cut already.
  if (::write(file_.get(), end.data(), end.size()) < 0) told_bytes_ = 0;
}

std::string CommandLog::last_lines() {
  const std::lock_guard lock(mutex_);
  const auto end = size_of(file_);
  auto text = read_part(file_, std::max(begin_, end - static_cast<off_t>(most_told_bytes)), end);
  while (text.ends_with('\n')) text.pop_back();
  auto at = text.size();
  for (std::size_t lines = 0; lines < told_lines && at != text.npos && at > 0; ++lines)
    at = text.rfind('\n', at - 1);
  if (at != text.npos && at < text.size() && text[at] == '\n') text.erase(0, at + 1);
  if (!schema::inspect_text(text).valid_utf8) {  // any bytes, or a character that was cut; records hold text
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  }
  return one_line(text);
}

}  // namespace troupe::sweep
