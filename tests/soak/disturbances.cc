#include "tests/soak/disturbances.h"

#include <algorithm>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

#include "ccbus/client/client.h"
#include "fabric/peer/chaincode.pb.h"
#include "tests/support/dealer.h"
#include "tests/support/notebook.h"
#include "tests/support/tcp_crowd.h"

namespace ccbus::soak {
namespace {

using namespace std::chrono_literals;
using test::Dealer;
using Dealers = std::vector<std::unique_ptr<Dealer>>;

constexpr std::size_t kMiB = 1u << 20;

Dealers dealers(std::size_t count, const std::string& endpoint, int receive_hwm = 1000) {
  Dealers made;
  for (std::size_t i = 0; i < count; ++i) {
    made.push_back(std::make_unique<Dealer>(endpoint, receive_hwm));
  }
  return made;
}

// Chaincodes come, register and leave, some of them at once.
void churn(Scene& scene) {
  while (!scene.is_over()) {
    Dealers crowd = dealers(20, scene.service.chaincode_endpoint());
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      const std::string name = "churn" + std::to_string(i % 7);
      if (scene.random() % 3 == 0) {
        protos::ChaincodeID id;
        id.set_name(name);
        protos::ChaincodeMessage registration;
        registration.set_type(protos::ChaincodeMessage::REGISTER);
        registration.set_payload(id.SerializeAsString());
        crowd[i]->send(registration);
      } else {
        crowd[i]->register_as(name);
      }
    }
  }
}

// Clients ask for answers of a megabyte and do not read them; a chaincode is asked and does not
// read either.
void slow_readers(Scene& scene) {
  client::Client client({.endpoint = scene.service.client_endpoint()});
  const auto written = client.submit(test::note({"put", "large", std::string(kMiB, 'l')}), 20s);
  if (!written.error.ok()) throw std::runtime_error("no large value: " + written.error.message);
  Dealer deaf_chaincode(scene.service.chaincode_endpoint(), 1);
  deaf_chaincode.register_as("deaf");
  ccbus::ClientRequest ask_large = test::evaluate(1, "notes", "get");
  ask_large.mutable_evaluate()->mutable_invocation()->add_args("large");
  ccbus::ClientRequest tell_deaf = test::evaluate(2, "deaf", std::string(kMiB, 'd'));
  while (!scene.is_over()) {
    Dealers deaf = dealers(5, scene.service.client_endpoint(), 1);
    for (int i = 0; i < 30 && !scene.is_over(); ++i) {
      for (const auto& one : deaf) one->send(i % 5 == 0 ? tell_deaf : ask_large);
      client.idle(20ms);
    }
  }
}

// Bytes that are no message, messages of many frames, and messages at the wrong endpoint.
void garbage(Scene& scene) {
  while (!scene.is_over()) {
    for (const auto& endpoint :
         {scene.service.chaincode_endpoint(), scene.service.client_endpoint()}) {
      const Dealers senders = dealers(10, endpoint);
      for (const auto& sender : senders) {
        for (int i = 0; i < 20; ++i) {
          std::string frame(scene.random() % 2'000, '\0');
          for (char& byte : frame) byte = static_cast<char>(scene.random());
          if (i % 7 == 0) frame = test::evaluate(scene.random(), "notes").SerializeAsString();
          if (i % 5 == 0) {
            sender->send(std::vector<std::string>{frame, "", frame});
          } else {
            sender->send(frame);
          }
        }
        static_cast<void>(sender->is_quiet_for(5ms));
      }
    }
  }
}

// Connections that say nothing, to every port.
void silent_crowd(Scene& scene) {
  while (!scene.is_over()) {
    std::vector<std::vector<test::TcpConnection>> crowds;
    for (const auto& url : {scene.service.chaincode_endpoint(), scene.service.client_endpoint(),
                            scene.service.operations_url()}) {
      crowds.push_back(test::tcp_crowd(500, url, "G"));
    }
    static_cast<void>(crowds.front().front().ends_within(1'000));
  }
}

// The ledger is verified and copied, and a channel is made and reset.
void upkeep(Scene& scene) {
  client::Client client({.endpoint = scene.service.client_endpoint()});
  const auto must = [](const client::Reply& reply, const char* what) {
    if (reply.error.ok() || reply.error.code == ccbus::ALREADY_EXISTS) return;
    throw std::runtime_error(std::string(what) + ": " + reply.error.message);
  };
  const auto snapshot = scene.ledger.parent_path() / "snapshot";
  while (!scene.is_over()) {
    std::filesystem::remove_all(snapshot);
    ccbus::ClientRequest copy;
    copy.mutable_ledger()->set_channel_id("mychannel");
    copy.mutable_ledger()->mutable_snapshot()->set_directory(snapshot.string());
    must(client.call(copy, 60s), "snapshot");
    ccbus::ClientRequest make;
    make.mutable_channel()->set_channel_id("other");
    make.mutable_channel()->mutable_create();
    must(client.call(make, 60s), "channel");
    ccbus::ClientRequest reset;
    reset.mutable_channel()->set_channel_id("other");
    reset.mutable_channel()->mutable_reset();
    must(client.call(reset, 60s), "reset");
  }
  std::filesystem::remove_all(snapshot);
}

// The disk of the ledger is full for some seconds.
void full_disk(Scene& scene) {
  if (!scene.may_fill_disk) return stay_calm(scene);
  const auto filler = scene.ledger.parent_path() / "filler";
  {
    std::ofstream out(filler, std::ios::binary);
    const std::string piece(kMiB, 'f');
    while (out.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {
    }
  }
  stay_calm(scene);
  std::filesystem::remove(filler);
}

// The process is killed and started again.
void kill(Scene& scene) {
  scene.service.kill_now();
  scene.service.start_again();
  stay_calm(scene);
}

}  // namespace

void stay_calm(Scene& scene) {
  client::Client client({.endpoint = scene.service.client_endpoint()});
  while (!scene.is_over()) client.idle(100ms);
}

const std::vector<Disturbance>& disturbances() {
  static const std::vector<Disturbance> all = {
      {"churn", churn},          {"slow readers", slow_readers},
      {"garbage", garbage},      {"crowd", silent_crowd},
      {"upkeep", upkeep},        {"full disk", full_disk},
      {"calm again", stay_calm}, {"kill", kill}};
  return all;
}

}  // namespace ccbus::soak
