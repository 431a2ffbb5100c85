#pragma once
// Headers that are slow to parse and never change: compiled once for all tests of a tier. Those of src/ are
// quicker without: there, reading the compiled one costs each file more than the headers that it needs.
#include <caf/all.hpp>

#include <spdlog/spdlog.h>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>
