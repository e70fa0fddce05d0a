//! mynah-onebot
