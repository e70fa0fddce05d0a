//! `derive(Request)`: what every endpoint would otherwise write by hand.
//!
//! A request's required fields become the arguments of `new`, in the order
//! they stand in; each `Option` field becomes a setter of the same name. The
//! derive adds nothing else, so an endpoint stays a plain struct that every
//! tool can read.
//!
//! ```
//! use mynah_macros::Request;
//!
//! #[derive(Debug, PartialEq, Request)]
//! struct CreateChat {
//!     /// Shown to the members.
//!     name: String,
//!     members: Vec<String>,
//!     searchable: Option<bool>,
//!     /// Left at its default by `new`, and given a setter.
//!     #[request(default)]
//!     tags: Vec<String>,
//! }
//!
//! let chat = CreateChat::new("duty", ["alice", "bob"]).searchable(true);
//! assert_eq!(chat.members, ["alice", "bob"]);
//! assert_eq!(chat.searchable, Some(true));
//! assert!(chat.tags.is_empty());
//! ```

use proc_macro::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Fields, GenericArgument, PathArguments, Type};

/// Writes `new(required…)` and one setter per optional field.
///
/// * A field of type `Option<T>` is optional: its setter takes `impl Into<T>`.
/// * A field marked `#[request(default)]` is optional too: its setter takes
///   the field's own type.
/// * Every other field is an argument of `new`: `impl Into<T>`, or
///   `impl IntoIterator<Item = impl Into<T>>` for a `Vec<T>`.
#[proc_macro_derive(Request, attributes(request))]
pub fn derive_request(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

fn expand(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let fields = named_fields(input)?;
    let mut arguments = Vec::new();
    let mut assignments = Vec::new();
    let mut setters = Vec::new();

    for field in fields {
        let name = &field.ident;
        let docs = field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"));
        if let Some(inner) = argument_of(&field.ty, "Option") {
            assignments.push(quote!(#name: ::core::option::Option::None));
            setters.push(quote! {
                #(#docs)*
                #[must_use]
                pub fn #name(mut self, value: impl ::core::convert::Into<#inner>) -> Self {
                    self.#name = ::core::option::Option::Some(value.into());
                    self
                }
            });
        } else if has_default(field)? {
            let ty = &field.ty;
            assignments.push(quote!(#name: ::core::default::Default::default()));
            setters.push(quote! {
                #(#docs)*
                #[must_use]
                pub fn #name(mut self, value: #ty) -> Self {
                    self.#name = value;
                    self
                }
            });
        } else if let Some(inner) = argument_of(&field.ty, "Vec") {
            arguments.push(quote! {
                #name: impl ::core::iter::IntoIterator<Item = impl ::core::convert::Into<#inner>>
            });
            assignments.push(quote! {
                #name: ::core::iter::IntoIterator::into_iter(#name)
                    .map(::core::convert::Into::into)
                    .collect()
            });
        } else {
            let ty = &field.ty;
            arguments.push(quote!(#name: impl ::core::convert::Into<#ty>));
            assignments.push(quote!(#name: #name.into()));
        }
    }

    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let summary = format!("A [`{ident}`] of its required parts; setters add the rest.");
    Ok(quote! {
        #[automatically_derived]
        impl #impl_generics #ident #ty_generics #where_clause {
            #[doc = #summary]
            #[allow(clippy::new_without_default, clippy::too_many_arguments)]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#assignments),* }
            }
            #(#setters)*
        }
    })
}

fn named_fields(input: &DeriveInput) -> syn::Result<Vec<&Field>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields.named.iter().collect()),
            Fields::Unit => Ok(Vec::new()),
            Fields::Unnamed(fields) => Err(syn::Error::new(
                fields.span(),
                "a request's fields have names",
            )),
        },
        _ => Err(syn::Error::new(input.span(), "a request is a struct")),
    }
}

fn has_default(field: &Field) -> syn::Result<bool> {
    let mut found = false;
    for attribute in &field.attrs {
        if attribute.path().is_ident("request") {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("default") {
                    found = true;
                    Ok(())
                } else {
                    Err(meta.error("the only word here is `default`"))
                }
            })?;
        }
    }
    Ok(found)
}

/// The `T` of `Wrapper<T>`, judged by the last segment of the path as written.
fn argument_of<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    if segment.ident != wrapper {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
