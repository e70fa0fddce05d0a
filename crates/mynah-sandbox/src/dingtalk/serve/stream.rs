//! Stream: where a program connects to.

use mynah_dingtalk::api::stream::OpenConnection;

later!(OpenConnection);
