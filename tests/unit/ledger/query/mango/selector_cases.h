#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "service/ledger/query/mango/json.h"

namespace ccbus::test {

// selector_cases.json: which documents of a set a selector finds.
struct SelectorCase {
  std::string name;
  std::string set;
  ledger::mango::Json selector;
  std::vector<std::string> keys;
};

struct SelectorCases {
  std::map<std::string, std::map<std::string, std::string>> sets;  // Stored values by key, by set.
  std::vector<SelectorCase> cases;
};

// A document that is a string stands for these very bytes, which need not be JSON.
inline SelectorCases read_selector_cases() {
  std::ifstream file(CCBUS_SOURCE_DIR "/tests/unit/ledger/query/mango/selector_cases.json");
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = ledger::mango::parse_json(text.str(), 100);
  if (!json) throw std::runtime_error("selector_cases.json cannot be read");
  SelectorCases read;
  for (const auto& [set, documents] : json->at("documents").items()) {
    for (const auto& [key, document] : documents.items()) {
      read.sets[set][key] = document.is_string() ? document.get<std::string>() : document.dump();
    }
  }
  for (const auto& entry : json->at("cases")) {
    SelectorCase one{
        entry.at(0).get<std::string>(), entry.at(1).get<std::string>(), entry.at(2), {}};
    std::istringstream keys(entry.at(3).get<std::string>());
    for (std::string key; keys >> key;) one.keys.push_back(key);
    read.cases.push_back(std::move(one));
  }
  return read;
}

}  // namespace ccbus::test
