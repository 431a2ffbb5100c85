#pragma once
#include "support/precompiled.hpp"

#include <catch2/catch.hpp>
