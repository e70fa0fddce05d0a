//! `derive(Request)`: what every endpoint would otherwise write by hand.
//!
//! A request's required fields become the arguments of `new`, in the order
//! they stand in; each `Option` field becomes a setter of the same name. The
//! doc comments become `mynah_core::Described`, so that help texts say what
//! the documentation says. The derive adds nothing else: an endpoint stays a
//! plain struct that every tool can read.
//!
//! ```
//! use mynah_core::{Described, Request};
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
//! assert_eq!(CreateChat::FIELDS[0].doc, "Shown to the members.");
//! ```

use proc_macro::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, GenericArgument, Lit, Meta,
    PathArguments, Type,
};

/// Writes `new(required…)`, one setter per optional field, and
/// `mynah_core::Described`.
///
/// * A field of type `Option<T>` is optional: its setter takes `impl Into<T>`.
/// * A field marked `#[request(default)]` is optional too: its setter takes
///   the field's own type.
/// * Every other field is an argument of `new`: `impl Into<T>`, or
///   `impl IntoIterator<Item = impl Into<T>>` for a `Vec<T>`.
///
/// The fields of what serde flattens are described in its place; its type
/// implements `mynah_core::Described`.
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
    let mut words = Vec::new();

    for field in fields {
        let name = &field.ident;
        let wire = wire_name(field)?;
        let doc = doc_text(&field.attrs);
        let required = argument_of(&field.ty, "Option").is_none() && !has_default(field)?;
        words.push(if is_flattened(field)? {
            let ty = &field.ty;
            quote!(<#ty as ::mynah_core::Described>::FIELDS)
        } else {
            let words = if required {
                quote!(required)
            } else {
                quote!(optional)
            };
            quote!(&[::mynah_core::FieldWords::#words(#wire, #doc)])
        });
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
    let doc = doc_text(&input.attrs);
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

        #[automatically_derived]
        impl #impl_generics ::mynah_core::Described for #ident #ty_generics #where_clause {
            const DOC: &'static str = #doc;
            const FIELDS: &'static [::mynah_core::FieldWords] = {
                const PARTS: &[&[::mynah_core::FieldWords]] = &[#(#words),*];
                &::mynah_core::join_words::<{ ::mynah_core::count_words(PARTS) }>(PARTS)
            };
        }
    })
}

/// The name serde gives the field.
fn wire_name(field: &Field) -> syn::Result<String> {
    let mut name = field
        .ident
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") && meta.input.peek(syn::Token![=]) {
                name = meta.value()?.parse::<syn::LitStr>()?.value();
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        })?;
    }
    Ok(name.trim_start_matches("r#").to_owned())
}

/// Whether serde writes the members of the field in its place.
fn is_flattened(field: &Field) -> syn::Result<bool> {
    let mut found = false;
    for attribute in &field.attrs {
        if attribute.path().is_ident("serde") {
            attribute.parse_nested_meta(|meta| {
                found |= meta.path.is_ident("flatten");
                if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<Expr>()?;
                }
                Ok(())
            })?;
        }
    }
    Ok(found)
}

/// The doc comment, without the blank in front of each line.
fn doc_text(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    let lines: Vec<_> = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
        .collect();
    lines.join("\n")
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
