#include "service/config/config_options.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using ccbus::separate_settings;
using Arguments = std::vector<std::string>;

TEST_CASE("each setting behind one --set becomes a --set of its own", "[config][row-213]") {
  CHECK(separate_settings({"--set", "a.b=1", "c.d=2", "e.f=3"}) ==
        Arguments{"--set", "a.b=1", "--set", "c.d=2", "--set", "e.f=3"});
  CHECK(separate_settings({"--set=a.b=1", "c.d=2"}) == Arguments{"--set=a.b=1", "--set", "c.d=2"});
  CHECK(separate_settings({"--set", "a.b=1", "--set", "c.d=2"}) ==
        Arguments{"--set", "a.b=1", "--set", "c.d=2"});
}

TEST_CASE("what is no setting ends the list, and stays as it is", "[config]") {
  CHECK(separate_settings({"show", "--set", "a.b=1", "a.b"}) ==
        Arguments{"show", "--set", "a.b=1", "a.b"});
  CHECK(separate_settings({"--set", "a.b=1", "--config", "x=y.yaml"}) ==
        Arguments{"--set", "a.b=1", "--config", "x=y.yaml"});
  CHECK(separate_settings({"invoke", "-c", "{\"Args\":[\"a=b\"]}", "x=y"}) ==
        Arguments{"invoke", "-c", "{\"Args\":[\"a=b\"]}", "x=y"});
  CHECK(separate_settings({"--set", "no-value", "c.d=2"}) ==
        Arguments{"--set", "no-value", "--set", "c.d=2"});
  CHECK(separate_settings({"--set"}) == Arguments{"--set"});
  CHECK(separate_settings({}).empty());
}
