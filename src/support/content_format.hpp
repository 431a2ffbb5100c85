#pragma once

namespace troupe {

/// The two forms in which content crosses the wire.
enum class ContentFormat { json, msgpack };

}  // namespace troupe
