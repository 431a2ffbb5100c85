#include "postgres/copy/copy_room.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/statvfs.h>

namespace troupe::postgres {
namespace {

// A row of a table that holds too few to say.
constexpr std::int64_t usual_row = 100;
constexpr std::int64_t enough_rows = 1000;

}  // namespace

std::int64_t expected_bytes(const std::vector<CopiedTable>& tables, const CopyAmount& amount, double share) {
  double bytes = 0;
  for (const auto& table : tables) {
    if (amount.kind != CopyAmount::Kind::generated) {
      bytes += share * static_cast<double>(table.bytes);
      continue;
    }
    const auto row = table.rows >= enough_rows ? table.bytes / table.rows : usual_row;
    bytes += static_cast<double>(amount.rows) * static_cast<double>(row);
  }
  return static_cast<std::int64_t>(bytes);
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

Result<void> check_room(CopySession& source, std::int64_t bytes) {
  const auto place = source.run(
      "SELECT setting FROM pg_settings WHERE name = 'data_directory' AND (inet_server_addr() IS NULL OR "
      "inet_server_addr() = inet_client_addr())");
  if (!place) return place.error();
  struct statvfs disk {};
  if (place->count() == 0 || ::statvfs(std::string(place->text(0, 0)).c_str(), &disk) != 0) return {};
  const auto left = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  if (left >= bytes) return {};
  return Error{
      ErrorCode::unavailable,
      fmt::format("the copy needs about {} and PostgreSQL's disk has {} left: take a smaller --sample",
                  megabytes(bytes), megabytes(left))};
}

}  // namespace troupe::postgres
