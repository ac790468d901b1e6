// Runs every method of the npm package mailcow-api once and more, and prints what each gives as JSON.
// usage: node npm_story.js <folder of the package> <address of the server> <key>
"use strict";
const { MailcowApiClient } = require(process.argv[2]);

const [, , , address, key] = process.argv;
const client = new MailcowApiClient(address, key);
const told = {};

async function tell(step, work) {
    try {
        told[step] = await work();
    } catch (error) {
        told[step] = { thrown: error.name };
    }
}

(async () => {
    console.error = () => {};
    await tell("domains of an empty server", () => client.getDomain());
    await tell("addDomain", () => client.addDomain("npm.example"));
    await tell("addDomain again", () => client.addDomain("npm.example"));
    await tell("getDomain", () => client.getDomain("npm.example"));
    await tell("getDomain of a server with domains", () => client.getDomain());
    await tell("editDomain", () => client.editDomain("npm.example", { aliases: 399 }));
    await tell("edited domain", () => client.getDomain("npm.example"));
    await tell("editDomain of another", () => client.editDomain("nosuch.example", { aliases: 399 }));
    await tell("addDKIM where one is", () => client.addDKIM("npm.example"));
    await tell("deleteDKIM", () => client.deleteDKIM("npm.example"));
    await tell("getDKIM of none", () => client.getDKIM("npm.example"));
    await tell("addDKIM", () => client.addDKIM({ domain: "npm.example", dkim_selector: "s1", key_size: 1024 }));
    await tell("getDKIM", () => client.getDKIM("npm.example"));
    await tell("addAndGetDKIM", () => client.addAndGetDKIM("npm.example"));
    await tell("addMailbox", () => client.addMailbox({ domain: "npm.example" }));
    await tell("addMailbox again", () => client.addMailbox({ domain: "npm.example" }));
    await tell("addMailbox too large", () => client.addMailbox({ domain: "npm.example", local_part: "big", quota: 99999 }));
    await tell("getMailboxes", () => client.getMailboxes("mail@npm.example"));
    await tell("getMailboxes of all", () => client.getMailboxes("all"));
    await tell("updateMailboxes", () => client.updateMailboxes({ items: ["mail@npm.example"], attr: { name: "M" } }));
    await tell("addAlias", () => client.addAlias("@npm.example", "mail@npm.example"));
    await tell("addAlias again", () => client.addAlias("@npm.example", "mail@npm.example"));
    await tell("addDomainAdmin", () => client.addDomainAdmin({ domains: ["npm.example"], username: "npmadmin" }));
    await tell("deleteDomain with a mailbox", () => client.deleteDomain("npm.example"));
    await tell("deleteMailbox", () => client.deleteMailbox("mail@npm.example"));
    await tell("deleteMailbox again", () => client.deleteMailbox("mail@npm.example"));
    await tell("deleteDomain", () => client.deleteDomain(["npm.example"]));
    await tell("with a wrong key", () => new MailcowApiClient(address, "wrong").getDomain());
    console.log(JSON.stringify(told));
})();
