//! Tags.

use mynah_core::{ApiError, Empty};
use mynah_wecom::api::tag::{
    AddTagUsers, CreateTag, DeleteTag, DeleteTagUsers, GetTag, ListTags, Tag as Shown, Tagged,
    TaggedUser, Untagged, UpdateTag,
};
use mynah_wecom::event::{Commas, ContactChange, TagChange};
use mynah_wecom::{DepartmentId, Joined, TagId, UserId};

use crate::serve::Serve;
use crate::wecom::directory::Tag;
use crate::wecom::refusal::{refuse, refuse_with};
use crate::wecom::world::WeComWorld;

/// Characters of a tag's name.
const NAME_CHARS: usize = 32;

impl Serve<ListTags> for WeComWorld {
    fn serve(&mut self, _: ListTags) -> Result<Vec<Shown>, ApiError> {
        let tags = self.state.directory.tags.iter();
        let shown = tags.map(|(id, tag)| Shown {
            tagid: *id,
            tagname: tag.name.clone(),
        });
        Ok(shown.collect())
    }
}

impl Serve<GetTag> for WeComWorld {
    fn serve(&mut self, call: GetTag) -> Result<Tagged, ApiError> {
        let directory = &self.state.directory;
        let tag = directory.tag(call.tagid)?;
        let users = tag.users.iter().filter_map(|id| directory.users.get(id));
        let users = users.map(|user| TaggedUser {
            userid: user.userid.clone(),
            name: user.name.clone(),
        });
        Ok(Tagged {
            tagname: Some(tag.name.clone()),
            userlist: users.collect(),
            partylist: tag.parties.iter().copied().collect(),
        })
    }
}

impl WeComWorld {
    fn check_tag_name(&self, name: &str, id: TagId) -> Result<(), ApiError> {
        if !(1..=NAME_CHARS).contains(&name.chars().count()) {
            return Err(refuse_with(40058, "tagname must have 1 to 32 characters"));
        }
        let mut others = self.state.directory.tags.iter();
        if others.any(|(other, tag)| *other != id && tag.name == name) {
            return Err(refuse_with(40058, "tagname is there already"));
        }
        Ok(())
    }
}

impl Serve<CreateTag> for WeComWorld {
    fn serve(&mut self, call: CreateTag) -> Result<TagId, ApiError> {
        self.needs_directory_writes()?;
        let tags = &self.state.directory.tags;
        let next = tags
            .keys()
            .next_back()
            .map_or(1, |id| id.0.saturating_add(1));
        let id = call.tagid.unwrap_or(TagId(next));
        if id.0 < 1 || tags.contains_key(&id) {
            return Err(refuse(40068));
        }
        self.check_tag_name(&call.tagname, id)?;
        let tag = Tag {
            name: call.tagname,
            ..Tag::default()
        };
        self.state.directory.tags.insert(id, tag);
        Ok(id)
    }
}

impl Serve<UpdateTag> for WeComWorld {
    fn serve(&mut self, call: UpdateTag) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        self.state.directory.tag(call.tagid)?;
        self.check_tag_name(&call.tagname, call.tagid)?;
        if let Some(tag) = self.state.directory.tags.get_mut(&call.tagid) {
            tag.name = call.tagname;
        }
        Ok(Empty)
    }
}

impl Serve<DeleteTag> for WeComWorld {
    fn serve(&mut self, call: DeleteTag) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        self.state.directory.tag(call.tagid)?;
        self.state.directory.tags.remove(&call.tagid);
        Ok(Empty)
    }
}

/// Whom a call about a tag names.
struct Named {
    users: Vec<UserId>,
    parties: Vec<DepartmentId>,
    unknown: Untagged,
}

impl WeComWorld {
    /// Those who are there; 40070 when nobody is.
    fn named(
        &self,
        users: Option<Vec<UserId>>,
        parties: Option<Vec<DepartmentId>>,
    ) -> Result<Named, ApiError> {
        let (users, parties) = (users.unwrap_or_default(), parties.unwrap_or_default());
        if users.is_empty() && parties.is_empty() {
            return Err(refuse_with(40063, "userlist and partylist are empty"));
        }
        let directory = &self.state.directory;
        let is_user = |id: &UserId| directory.users.contains_key(id);
        let is_party = |id: &DepartmentId| directory.departments.contains_key(id);
        let (users, no_users): (Vec<_>, Vec<_>) = users.into_iter().partition(is_user);
        let (parties, no_parties): (Vec<_>, Vec<_>) = parties.into_iter().partition(is_party);
        if users.is_empty() && parties.is_empty() {
            return Err(refuse(40070));
        }
        let users = users.iter().filter_map(|id| directory.spelled(id));
        Ok(Named {
            users: users.collect(),
            parties,
            unknown: Untagged {
                invalidlist: Joined::new(no_users),
                invalidparty: no_parties,
            },
        })
    }
}

fn commas<T: Clone>(items: &[T]) -> Option<Commas<T>> {
    (!items.is_empty()).then(|| Commas(items.to_vec()))
}

impl Serve<AddTagUsers> for WeComWorld {
    fn serve(&mut self, call: AddTagUsers) -> Result<Untagged, ApiError> {
        self.needs_directory_writes()?;
        self.state.directory.tag(call.tagid)?;
        let named = self.named(call.userlist, call.partylist)?;
        self.tell_change(ContactChange::UpdateTag(TagChange {
            tag_id: call.tagid,
            add_user_items: commas(&named.users),
            add_party_items: commas(&named.parties),
            ..TagChange::default()
        }));
        if let Some(tag) = self.state.directory.tags.get_mut(&call.tagid) {
            tag.users.extend(named.users);
            tag.parties.extend(named.parties);
        }
        Ok(named.unknown)
    }
}

impl Serve<DeleteTagUsers> for WeComWorld {
    fn serve(&mut self, call: DeleteTagUsers) -> Result<Untagged, ApiError> {
        self.needs_directory_writes()?;
        self.state.directory.tag(call.tagid)?;
        let named = self.named(call.userlist, call.partylist)?;
        self.tell_change(ContactChange::UpdateTag(TagChange {
            tag_id: call.tagid,
            del_user_items: commas(&named.users),
            del_party_items: commas(&named.parties),
            ..TagChange::default()
        }));
        if let Some(tag) = self.state.directory.tags.get_mut(&call.tagid) {
            tag.users.retain(|user| !named.users.contains(user));
            tag.parties.retain(|party| !named.parties.contains(party));
        }
        Ok(named.unknown)
    }
}
