#include "bindings/cpp/samples/asset-transfer/asset_transfer.h"

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ccbus/shim/stub.h"

namespace {

using ccbus::shim::Error;
using ccbus::shim::Response;
using ccbus::shim::Stub;
using nlohmann::json;
using Parameters = std::span<const std::string>;

struct Asset {
  std::string id;
  std::string color;
  std::int64_t size = 0;
  std::string owner;
  std::int64_t appraised_value = 0;
};

json to_json(const Asset& asset) {
  return {{"ID", asset.id},
          {"Color", asset.color},
          {"Size", asset.size},
          {"Owner", asset.owner},
          {"AppraisedValue", asset.appraised_value}};
}

Asset from_json(const json& value) {
  return {value.at("ID"), value.at("Color"), value.at("Size"), value.at("Owner"),
          value.at("AppraisedValue")};
}

std::int64_t parse_number(const std::string& text, std::string_view field) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size())
    throw Error(std::string(field) + " must be a whole number, not '" + text + "'");
  return number;
}

Asset parse_asset(Parameters fields) {
  return {fields[0], fields[1], parse_number(fields[2], "Size"), fields[3],
          parse_number(fields[4], "AppraisedValue")};
}

bool exists(Stub& stub, const std::string& id) {
  return !stub.get_state(id).empty();
}

Asset load(Stub& stub, const std::string& id) {
  const std::string stored = stub.get_state(id);
  if (stored.empty()) throw Error("there is no asset " + id);
  return from_json(json::parse(stored));
}

void store(Stub& stub, const Asset& asset) {
  stub.put_state(asset.id, to_json(asset).dump());
}

std::string init_ledger(Stub& stub, Parameters) {
  const Asset assets[] = {
      {"asset1", "blue", 5, "Tomoko", 300},    {"asset2", "red", 5, "Brad", 400},
      {"asset3", "green", 10, "Jin Soo", 500}, {"asset4", "yellow", 10, "Max", 600},
      {"asset5", "black", 15, "Adriana", 700}, {"asset6", "white", 15, "Michel", 800},
  };
  for (const Asset& asset : assets) store(stub, asset);
  return {};
}

std::string create_asset(Stub& stub, Parameters parameters) {
  const Asset asset = parse_asset(parameters);
  if (exists(stub, asset.id)) throw Error("there is an asset " + asset.id + " already");
  store(stub, asset);
  return to_json(asset).dump();
}

std::string read_asset(Stub& stub, Parameters parameters) {
  return to_json(load(stub, parameters[0])).dump();
}

std::string update_asset(Stub& stub, Parameters parameters) {
  const Asset asset = parse_asset(parameters);
  if (!exists(stub, asset.id)) throw Error("there is no asset " + asset.id);
  store(stub, asset);
  return to_json(asset).dump();
}

std::string delete_asset(Stub& stub, Parameters parameters) {
  if (!exists(stub, parameters[0])) throw Error("there is no asset " + parameters[0]);
  stub.del_state(parameters[0]);
  return {};
}

std::string transfer_asset(Stub& stub, Parameters parameters) {
  Asset asset = load(stub, parameters[0]);
  const std::string old_owner = std::exchange(asset.owner, parameters[1]);
  store(stub, asset);
  return old_owner;
}

std::string asset_exists(Stub& stub, Parameters parameters) {
  return exists(stub, parameters[0]) ? "true" : "false";
}

std::string get_all_assets(Stub& stub, Parameters) {
  json assets = json::array();
  auto results = stub.get_state_by_range("", "");
  while (const auto result = results.next()) assets.push_back(json::parse(result->value));
  return assets.dump();
}

struct Function {
  std::string_view name;
  std::size_t parameters;
  std::string (*run)(Stub&, Parameters);
};

constexpr Function kFunctions[] = {
    {"InitLedger", 0, init_ledger},   {"CreateAsset", 5, create_asset},
    {"ReadAsset", 1, read_asset},     {"UpdateAsset", 5, update_asset},
    {"DeleteAsset", 1, delete_asset}, {"TransferAsset", 2, transfer_asset},
    {"AssetExists", 1, asset_exists}, {"GetAllAssets", 0, get_all_assets},
};

}  // namespace

Response AssetTransfer::invoke(Stub& stub) {
  const auto [name, parameters] = stub.function_and_parameters();
  for (const Function& function : kFunctions) {
    if (function.name != name) continue;
    if (parameters.size() != function.parameters)
      throw Error(std::string(name) + " takes " + std::to_string(function.parameters) +
                  " arguments, not " + std::to_string(parameters.size()));
    return ccbus::shim::success(function.run(stub, parameters));
  }
  throw Error("there is no function '" + std::string(name) + "'");
}
