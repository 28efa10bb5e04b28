#pragma once

#include "ccbus/shim/chaincode.h"

// Assets that have an owner and can be transferred. Each asset is stored under its id as a JSON
// object: {"AppraisedValue":300,"Color":"blue","ID":"asset1","Owner":"Tomoko","Size":5}. The keys
// are in alphabetical order, so that every peer writes the same bytes.
class AssetTransfer final : public ccbus::shim::Chaincode {
 public:
  ccbus::shim::Response invoke(ccbus::shim::Stub& stub) override;
};
