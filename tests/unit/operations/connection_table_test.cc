#include "service/operations/connection_table.h"

#include <catch2/catch.hpp>
#include <vector>

namespace ccbus::operations {
namespace {

// Returns the sockets that give way now.
std::vector<int> leaving(ConnectionTable& table) {
  std::vector<int> sockets;
  while (const auto* connection = table.next_to_leave()) sockets.push_back(connection->socket);
  return sockets;
}

TEST_CASE("the connection that has waited longest gives way to a new one", "[operations]") {
  ConnectionTable table({3, 3, 100});
  auto& first = table.add(1, "a");
  for (int socket = 2; socket <= 3; ++socket) table.add(socket, "b");
  CHECK(leaving(table).empty());
  table.waiting(first);  // It has had a response: now 2 has waited longest.
  table.add(4, "c");
  CHECK(leaving(table) == std::vector{2});
  table.add(5, "c");
  CHECK(leaving(table) == std::vector{3});
}

TEST_CASE("while a response is computed its connection does not give way", "[operations]") {
  ConnectionTable table({2, 2, 100});
  auto& first = table.add(1, "a");
  auto& second = table.add(2, "a");
  table.answering(first);
  table.answering(second);
  auto& third = table.add(3, "a");
  CHECK(leaving(table).empty());  // Nor does the youngest, whose request may be on its way.
  table.remove(third);
  table.waiting(first);
  table.add(4, "a");
  CHECK(leaving(table) == std::vector{1});
}

TEST_CASE("an address above its limit makes room itself", "[operations]") {
  ConnectionTable table({10, 2, 100});
  table.add(1, "a");
  table.add(2, "b");
  table.add(3, "b");
  CHECK(leaving(table).empty());
  table.add(4, "b");
  CHECK(leaving(table) == std::vector{2});
}

TEST_CASE("a connection that is leaving counts no more, and is chosen once", "[operations]") {
  ConnectionTable table({1, 1, 100});
  auto& first = table.add(1, "a");
  table.add(2, "a");
  CHECK(leaving(table) == std::vector{1});
  CHECK(leaving(table).empty());
  table.remove(first);
  CHECK(leaving(table).empty());
  table.add(3, "a");
  CHECK(leaving(table) == std::vector{2});
}

TEST_CASE("responses that are read too slowly give way to a new one", "[operations]") {
  ConnectionTable table({10, 10, 100});
  auto& idle = table.add(1, "a");
  auto& slow = table.add(2, "a");
  auto& slower = table.add(3, "a");
  auto& quick = table.add(4, "a");
  table.sending(slow, 60);
  table.sending(slower, 40);
  CHECK(leaving(table).empty());
  table.sending(quick, 30);
  CHECK(leaving(table) == std::vector{2});
  table.waiting(quick);
  table.sending(idle, 60);
  CHECK(leaving(table).empty());
  table.remove(idle);  // In the middle of its response.
  table.sending(quick, 60);
  CHECK(leaving(table).empty());
}

}  // namespace
}  // namespace ccbus::operations
