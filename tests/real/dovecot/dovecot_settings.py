"""Settings of the two real Dovecots: plain ones, and those with all that the commands need."""

from __future__ import annotations

OWNER = 8  # The user and group `mail` of Debian.
_BOTH = """\
base_dir = {home}/run
state_dir = {home}/state
instance_name = {name}
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
log_path = {home}/dovecot.log
default_process_limit = 20
default_client_limit = 100
shutdown_clients = yes
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {owner}
mail_gid = {owner}
doveadm_password = {password}
doveadm_api_key = {key}
namespace inbox {{
  inbox = yes
  separator = /
}}
service doveadm {{
  inet_listener http {{
    {address} = 127.0.0.1
    port = {port}
  }}
}}
service imap-login {{
  inet_listener imap {{
    {address} = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    {address} = 127.0.0.1
    port = {lmtp}
  }}
}}
"""
_ONLY_2_3 = """\
disable_plaintext_auth = no
mail_home = {home}/mail/%u
mail_location = maildir:~/Maildir
mail_plugins = quota acl
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage=100M:messages=1000
  acl = vfile
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""
_MORE_2_3 = """\
# There is no director, and nobody shall wait for one.
service director {{
  unix_listener director-admin {{
    mode = 0
  }}
}}
mail_plugins = quota acl fts mail_crypt
mail_attribute_dict = file:%h/attributes
plugin {{
  sieve = file:~/sieve;active=~/.dovecot.sieve
  mail_crypt_curve = prime256v1
  # Nothing is encrypted until a mailbox has a key.
  mail_crypt_save_version = 0
}}
"""
_ONLY_2_4 = """\
auth_allow_cleartext = yes
mail_home = {home}/mail/%{{user}}
mail_driver = maildir
mail_path = ~/Maildir
mail_plugins {{
  quota = yes
  acl = yes
}}
acl_driver = vfile
quota "User quota" {{
  quota_driver = maildir
  quota_storage_size = 100M
  quota_message_count = 1000
}}
passdb passwd-file {{
  passwd_file_path = {home}/users
  default_password_scheme = PLAIN
}}
userdb passwd-file {{
  passwd_file_path = {home}/users
}}
"""
_MORE_2_4 = """\
mail_plugins {{
  fts = yes
  mail_crypt = yes
}}
crypt_user_key_curve = prime256v1
crypt_write_algorithm =
mail_attribute {{
  dict file {{
    path = {home}/mail/attributes
  }}
}}
acl_sharing_map {{
  dict file {{
    path = {home}/files/dictionary
  }}
}}
mail_ext_attachment {{
  fs posix {{
    prefix = {home}/files/
  }}
}}
"""


def settings(series: str, version: str, *, everything: bool, **given: object) -> str:
    """Returns the configuration file of a server; `given` names its home, ports and secrets."""
    given = {"owner": OWNER, "address": "address" if series == "2.3" else "listen", **given}
    if series == "2.3":
        text = _BOTH + _ONLY_2_3 + (_MORE_2_3 if everything else "")
    else:
        # The first line has to say whose settings these are.
        number = version.partition("-")[0]
        text = f"dovecot_config_version = {number}\ndovecot_storage_version = 2.4.0\n" + _BOTH + _ONLY_2_4
        text += _MORE_2_4 if everything else ""
    return text.format(**given)


def users(home: str, names: dict[str, str]) -> str:
    """Returns the file of users; `names` has a password for each."""
    return "".join(f"{name}:{{PLAIN}}{word}:{OWNER}:{OWNER}::{home}/mail/{name}::\n" for name, word in names.items())
