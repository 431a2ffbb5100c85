#include "actors/database/failure_status.hpp"

namespace troupe::actors {

int http_status_of(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::queue_full:
    case Failure::Kind::database_away:
    case Failure::Kind::deadline_passed:
    case Failure::Kind::busy:
      return 503;
    case Failure::Kind::rejected:
      return 422;
    case Failure::Kind::conflict:
      return 409;
    case Failure::Kind::forbidden:
      return 403;
    case Failure::Kind::internal:
      break;
  }
  return 500;
}

}  // namespace troupe::actors
