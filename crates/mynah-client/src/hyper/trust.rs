//! Whose certificates a server may show.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// The certificate authorities that are believed.
#[derive(Clone)]
pub(super) struct Trust(RootCertStore);

impl Default for Trust {
    /// Those that Mozilla trusts.
    fn default() -> Self {
        Self(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
    }
}

impl Trust {
    /// Those in the PEM text and no others.
    pub(super) fn only(pem: &[u8]) -> Result<Self, BadCertificate> {
        Self(RootCertStore::empty()).and(pem)
    }

    /// Those in the PEM text too.
    pub(super) fn and(mut self, pem: &[u8]) -> Result<Self, BadCertificate> {
        let mut found = false;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| BadCertificate("the PEM is damaged"))?;
            self.0
                .add(certificate)
                .map_err(|_| BadCertificate("not a certificate of an authority"))?;
            found = true;
        }
        if found {
            Ok(self)
        } else {
            Err(BadCertificate("there is none in the PEM"))
        }
    }

    /// How TLS is spoken; `protocols` are offered in this order.
    pub(super) fn config(&self, protocols: &[&[u8]]) -> Arc<ClientConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap_or_else(|_| unreachable!("the provider knows the versions rustls does"))
            .with_root_certificates(self.0.clone())
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Arc::new(config)
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trust({} authorities)", self.0.len())
    }
}

/// Text that does not hold the certificates it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCertificate(&'static str);

impl fmt::Display for BadCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "certificate: {}", self.0)
    }
}

impl std::error::Error for BadCertificate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_certificate_is_refused() {
        let damaged = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
        let other = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "no PEM", damaged, other] {
            assert!(Trust::only(pem.as_bytes()).is_err(), "{pem:?}");
        }
    }
}
